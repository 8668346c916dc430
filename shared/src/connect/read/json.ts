/** Bytes to JSON, so that nothing of it is lost: ids beyond 2^53 keep their digits, as text. */
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** Fails with `not_json` or `not_utf8`; what was cut off within a character is cut off first of all. */
export function readJson(body: Uint8Array): Result<JsonValue, Failure> {
  const text = readUtf8(body);
  if (text !== null) return readJsonText(text);
  const lossy = readJsonText(new TextDecoder().decode(body));
  return lossy.ok ? fail(failureOf("not_utf8")) : lossy;
}

export function readJsonText(text: string): Result<JsonValue, Failure> {
  try {
    return ok(parse(text));
  } catch {
    // A SyntaxError, or a RangeError of what is nested deeper than anybody means.
    return fail(failureOf("not_json"));
  }
}

/** Without its byte order mark; null where the bytes are not UTF-8. */
export function readUtf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    return null;
  }
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Only text with such a number needs the slower way: fewer digits are safe. */
const LONG_NUMBER = /\d{16}/;

function parse(text: string): JsonValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse makes is JSON
  const value = (
    LONG_NUMBER.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
  ) as JsonValue;
  return value;
}

function keepDigits(
  _name: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? "";
  return /^-?\d+$/.test(source) ? source : value;
}
