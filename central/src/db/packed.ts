/**
 * Texts of rows in a tenth of their room: deflated against a dictionary of what such texts always say, and against what else is
 * known of the row. The same bytes come back, so what is hashed is hashed over what is stored. A value that is text is what it
 * says: rows of older builds, and what SQL reads.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Row, SqlValue } from "@regulars/shared/storage/port";
import { DICTIONARIES, type PackedKind } from "./dictionaries.ts";

/**
 * Leads each packed value: which dictionaries it was made with; others are another number. No fragment of one writer begins with
 * it, so those of older builds are known from packed ones.
 */
const FORM = 0xf1;

/** Texts are short: buffers of the usual 16 kB would cost more than the rest of the work. */
const DEFLATE = { level: 6, memLevel: 6, chunkSize: 1_024 } as const;
const INFLATE = { chunkSize: 2_048 } as const;

/** `context` comes last in the dictionary, so that what it says costs least. */
function dictionaryOf(kind: PackedKind, context: string): Uint8Array {
  const fixed = DICTIONARIES[kind];
  return context === "" ? fixed : Buffer.concat([fixed, Buffer.from(context)]);
}

export function pack(kind: PackedKind, value: string | Uint8Array, context = ""): Uint8Array {
  const dictionary = dictionaryOf(kind, context);
  const packed = deflateRawSync(value, { ...DEFLATE, dictionary });
  const form = new Uint8Array(packed.length + 1);
  form[0] = FORM;
  form.set(packed, 1);
  return form;
}

export const isPacked = (value: Uint8Array): boolean => value[0] === FORM;

export function unpackBytes(kind: PackedKind, value: Uint8Array, context = ""): Buffer {
  if (!isPacked(value)) throw new TypeError("a packed value is of a form that this build does not know"); // prettier-ignore
  const dictionary = dictionaryOf(kind, context);
  return inflateRawSync(value.subarray(1), { ...INFLATE, dictionary });
}

/** What is not packed is what it says. */
export function unpack(kind: PackedKind, value: SqlValue | undefined, context = ""): string {
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) throw new TypeError("a packed value is neither text nor bytes"); // prettier-ignore
  return unpackBytes(kind, value, context).toString();
}

/** A digest as its bytes; what is no digest in small hex stays what it is. */
export const digestBytes = (hex: string): SqlValue =>
  /^(?:[0-9a-f]{2})+$/.test(hex) ? Buffer.from(hex, "hex") : hex;

/** In hex, however it is stored. */
export function hexOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  if (!(value instanceof Uint8Array)) throw new TypeError(`column ${column} is no digest`);
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex");
}
