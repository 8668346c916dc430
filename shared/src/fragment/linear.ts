/**
 * What one writer adds to its list, as bytes: updates in Yjs's encoding (version 1) that hold nothing else. A Yjs document expects
 * what a fragment never has, other writers and nested types, and whoever merges fragments would pay for that each time.
 *
 * Whatever is read here says the same to Yjs, which linear.test.ts holds it to; what else Yjs would read is refused.
 */
import * as decoding from "lib0/decoding";
import { type Entry, isEntry } from "./entries.ts";

/** An entry as it lies in an update: most are never read, for they stand in many states and are only copied. */
export interface Standing {
  readonly clock: number;
  readonly bytes: Uint8Array;
  /** Once it has been read. */
  entry?: Entry;
}

/** So many clocks without an entry that stands. */
export interface Deleted {
  readonly clock: number;
  readonly count: number;
}

/** From one clock of its writer up to another. */
export interface Linear {
  readonly from: number;
  readonly to: number;
  readonly standing: readonly Standing[];
  /** Its own clocks whose entries it does not have any more. */
  readonly gaps: readonly Deleted[];
  readonly deleted: readonly Deleted[];
}

/** Yjs's numbers of the kinds of content, and its mark for content that follows other content. */
export const CONTENT_DELETED = 1;
export const CONTENT_ANY = 8;
export const HAS_ORIGIN = 0x80;
const CONTENT = 0x1f;
/** An item on its right, or a name in a map: what stands at the end of a list has neither. */
const HAS_MORE = 0x60;
/** Name of the list in the document. */
export const LIST = "entries";

/** Null for what is no linear update; `foreign` where another writer appears in it. */
export function readLinear(update: Uint8Array, clientId: number): Linear | "foreign" | null {
  try {
    return readUpdate(decoding.createDecoder(update), clientId);
  } catch {
    return null; // lib0 throws plain errors of many kinds on other bytes
  }
}

/** A whole document: all that was ever said, of which so much stands. Throws on what is no whole document of this writer. */
export function readWhole(
  state: Uint8Array,
  clientId: number,
): { readonly standing: readonly Standing[]; readonly clock: number } {
  const linear = readLinear(state, clientId);
  const isWhole =
    linear !== null &&
    linear !== "foreign" &&
    linear.from === 0 &&
    countOf(linear.gaps) === countOf(linear.deleted);
  if (!isWhole) throw new TypeError("this is not a whole fragment of its writer");
  return { standing: linear.standing, clock: linear.to };
}

const countOf = (ranges: readonly Deleted[]): number =>
  ranges.reduce((sum, { count }) => sum + count, 0);

/** Throws where it is no entry, or a text in it is no text. */
export function entryOf(one: Standing): Entry {
  if (one.entry) return one.entry;
  const value: unknown = decoding.readAny(decoding.createDecoder(one.bytes));
  if (!isEntry(value)) throw new TypeError("a fragment holds something that is no entry");
  one.entry = value;
  return value;
}

/** Whether all that it adds can be read. */
export function isReadable({ standing }: Linear): boolean {
  try {
    for (const one of standing) entryOf(one);
    return true;
  } catch {
    return false; // lib0 and TextDecoder throw errors of many kinds
  }
}

function readUpdate(decoder: decoding.Decoder, clientId: number): Linear | "foreign" | null {
  let own: Said | null = null;
  let isForeign = false;
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    const structs = decoding.readVarUint(decoder);
    const writer = decoding.readVarUint(decoder);
    const said = readSaid(decoder, writer, structs);
    if (!said || (writer === clientId && own)) return null;
    if (writer === clientId) own = said;
    else isForeign = true;
  }
  const deleted: Deleted[] = [];
  for (let left = decoding.readVarUint(decoder); left > 0; left--) {
    if (decoding.readVarUint(decoder) !== clientId) isForeign = true;
    for (let ranges = decoding.readVarUint(decoder); ranges > 0; ranges--) {
      const clock = decoding.readVarUint(decoder);
      deleted.push({ clock, count: decoding.readVarUint(decoder) });
    }
  }
  if (decoder.pos !== decoder.arr.length) return null;
  if (isForeign) return "foreign";
  const all = { ...(own ?? NOTHING_SAID), deleted };
  return deleted.every(({ clock, count }) => clock + count <= all.to) ? all : null;
}

type Said = Omit<Linear, "deleted">;
const NOTHING_SAID: Said = { from: 0, to: 0, standing: [], gaps: [] };

/** What one writer adds; null where that is anything but entries at the end of its list. */
function readSaid(decoder: decoding.Decoder, writer: number, structs: number): Said | null {
  const from = decoding.readVarUint(decoder);
  const standing: Standing[] = [];
  const gaps: Deleted[] = [];
  let to = from;
  for (let left = structs; left > 0; left--) {
    const info = decoding.readUint8(decoder);
    if (!followsIn(decoder, info, { writer, clock: to })) return null;
    const count = decoding.readVarUint(decoder);
    if (count === 0 || !Number.isSafeInteger(to + count)) return null;
    const content = info & CONTENT;
    if (content === CONTENT_DELETED) gaps.push({ clock: to, count });
    else if (content === CONTENT_ANY) {
      for (let at = 0; at < count; at++) {
        standing.push({ clock: to + at, bytes: takeEntry(decoder) });
      }
    } else return null;
    to += count;
  }
  return { from, to, standing, gaps };
}

/** Whether an item says that it stands behind what its writer has said last, or at the beginning of the list. */
function followsIn(
  decoder: decoding.Decoder,
  info: number,
  { writer, clock }: { readonly writer: number; readonly clock: number },
): boolean {
  if ((info & HAS_MORE) !== 0) return false;
  if ((info & HAS_ORIGIN) !== 0) {
    const isOwn = decoding.readVarUint(decoder) === writer;
    return isOwn && decoding.readVarUint(decoder) === clock - 1;
  }
  const isNamed = decoding.readVarUint(decoder) === 1;
  return isNamed && clock === 0 && decoding.readVarString(decoder) === LIST;
}

/** The bytes of the entry that comes next: two texts in their shortest form, by which it is found again, and any value. */
function takeEntry(decoder: decoding.Decoder): Uint8Array {
  const from = decoder.pos;
  const isTriple = decoding.readUint8(decoder) === VALUE_ARRAY && decoding.readUint8(decoder) === 3;
  if (!isTriple || !skipText(decoder) || !skipText(decoder)) throw new RangeError("no entry");
  skipValue(decoder, 0);
  if (decoder.pos > decoder.arr.length) throw new RangeError("an entry ends early");
  return decoder.arr.subarray(from, decoder.pos);
}

/** Section and name of an entry, as they lie in it. */
export function nameBytesOf({ bytes }: Standing): Uint8Array {
  const decoder = decoding.createDecoder(bytes);
  decoder.pos = 2;
  skipText(decoder);
  skipText(decoder);
  return bytes.subarray(0, decoder.pos);
}

function skipText(decoder: decoding.Decoder): boolean {
  const isText = decoding.readUint8(decoder) === VALUE_TEXT;
  const from = decoder.pos;
  const start = skipBytes(decoder);
  const isShortest = start === from + 1 || decoder.arr[start - 1] !== 0;
  return isText && isShortest;
}

/** As many as the number says that comes next; where they begin. */
function skipBytes(decoder: decoding.Decoder): number {
  const length = decoding.readVarUint(decoder);
  const start = decoder.pos;
  decoder.pos += length;
  return start;
}

/** Of lib0's numbers of the kinds of values (its `readAny`). */
const VALUE_ARRAY = 117;
const VALUE_TEXT = 119;
/** A value that lies deeper is nobody's entry, and would cost a stack. */
const DEEPEST = 64;

function skipValue(decoder: decoding.Decoder, depth: number): void {
  const kind = decoding.readUint8(decoder);
  if (depth > DEEPEST || decoder.pos > decoder.arr.length) throw new RangeError("no value");
  switch (kind) {
    case 127: // undefined
    case 126: // null
    case 121: // false and true
    case 120:
      return;
    case 125:
      decoding.readVarInt(decoder);
      return;
    case 124: // 32-bit float
      decoder.pos += 4;
      return;
    case 123: // 64-bit float, and integer
    case 122:
      decoder.pos += 8;
      return;
    case VALUE_TEXT:
    case 116: // bytes
      skipBytes(decoder);
      return;
    case 118: {
      for (let left = decoding.readVarUint(decoder); left > 0; left--) {
        skipBytes(decoder);
        skipValue(decoder, depth + 1);
      }
      return;
    }
    case VALUE_ARRAY:
      for (let left = decoding.readVarUint(decoder); left > 0; left--) {
        skipValue(decoder, depth + 1);
      }
      return;
    default:
      throw new RangeError("no value");
  }
}
