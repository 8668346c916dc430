/** What came, without what it says: structure and kinds of values, so that a mapping can be mended without anybody's data (SEC2). */

/** Names of fields, as programs give them. What else stands as a name may be somebody's address. */
const NAME = /^[A-Za-z_$][\w$ .-]{0,39}$/;
const DEPTH_MAX = 12;
const ITEMS_MAX = 50;

/** Null for what is no JSON: then only its size is told. */
export function maskedJson(text: string): string | null {
  try {
    return JSON.stringify(masked(JSON.parse(text), 0), null, 2);
  } catch {
    return null; // not JSON
  }
}

function masked(value: unknown, depth: number): unknown {
  if (value === null) return null;
  if (depth > DEPTH_MAX) return "…";
  if (Array.isArray(value)) {
    const shown = value.slice(0, ITEMS_MAX).map((each) => masked(each, depth + 1));
    return value.length > ITEMS_MAX ? [...shown, `… ${value.length - ITEMS_MAX} more`] : shown;
  }
  if (typeof value === "object") {
    return Object.fromEntries(
      Object.entries(value).map(([name, each], at) => [
        NAME.test(name) ? name : `(name ${at + 1})`,
        masked(each, depth + 1),
      ]),
    );
  }
  if (typeof value === "string") return value === "" ? "" : "•••";
  return typeof value === "number" ? "(number)" : "(yes or no)";
}

const decoder = new TextDecoder();

/** Of base64; null where it is no text. */
export const textOfBase64 = (base64: string): string =>
  decoder.decode(Uint8Array.from(atob(base64), (char) => char.codePointAt(0) ?? 0));
