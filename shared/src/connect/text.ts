/** Text out of bytes whose encoding is told by a mark at the beginning, by whoever sent them, or by what is valid. */
export const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What a byte order mark says; null without one. */
export function encodingOfMark(bytes: Uint8Array): Encoding | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  return null;
}

/**
 * The encoding that a name means; null for one that is not read. As everywhere on the web, Latin-1 and ASCII are read as
 * windows-1252, which has all of their signs.
 */
export function encodingNamed(name: string): Encoding | null {
  switch (name.trim().toLowerCase().replaceAll("_", "-")) {
    case "utf-8":
    case "utf8":
      return "utf-8";
    case "utf-16":
    case "utf-16le":
      return "utf-16le";
    case "utf-16be":
      return "utf-16be";
    case "us-ascii":
    case "ascii":
    case "iso-8859-1":
    case "latin1":
    case "latin-1":
    case "iso8859-1":
    case "windows-1252":
    case "cp1252":
      return "windows-1252";
    default:
      return null;
  }
}

/** Null where the bytes are not text of this encoding. The mark is not part of the text. */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
