/**
 * The parts of a JSON text as the text they were: numbers keep their digits, and a message that is cut out of its batch is
 * byte for byte what was sent. Only for text that `jsonTextOf` has let through.
 */
import { ok, type Result } from "../result.ts";
import type { Failure } from "./failure.ts";
import { readJson, readUtf8 } from "./read/json.ts";

/** Fails with `not_utf8` or `not_json`. */
export function jsonTextOf(body: Uint8Array): Result<string, Failure> {
  const read = readJson(body);
  // What was read is UTF-8.
  return read.ok ? ok((readUtf8(body) ?? "").trim()) : read;
}

/** A member that is text, and not empty. */
export function textMember(members: ReadonlyMap<string, string>, name: string): string | null {
  const json = members.get(name);
  const value: unknown = json?.startsWith('"') ? JSON.parse(json) : null;
  return typeof value === "string" && value !== "" ? value : null;
}

/** Values of an object's members as text, by name; of members with one name the last counts, as in `JSON.parse`. */
export function membersOf(text: string): Map<string, string> {
  const members = new Map<string, string>();
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (at < text.length && text[at] !== "}") {
    const nameEnd = endOfString(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const from = skipSpace(text, skipSpace(text, nameEnd) + 1);
    const to = endOfValue(text, from);
    members.set(String(name), text.slice(from, to));
    at = nextPart(text, to);
  }
  return members;
}

/** Elements of an array as text. */
export function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (at < text.length && text[at] !== "]") {
    const to = endOfValue(text, at);
    elements.push(text.slice(at, to));
    at = nextPart(text, to);
  }
  return elements;
}

export function objectOf(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

export const isObjectText = (text: string | undefined): text is string =>
  text?.startsWith("{") ?? false;

const SPACE = new Set([" ", "\t", "\n", "\r"]);

function skipSpace(text: string, from: number): number {
  let at = from;
  while (SPACE.has(text[at] ?? "")) at += 1;
  return at;
}

/** Past the comma, if there is one. */
function nextPart(text: string, from: number): number {
  const at = skipSpace(text, from);
  return text[at] === "," ? skipSpace(text, at + 1) : at;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '"') return endOfString(text, from);
  if (first === "{" || first === "[") return endOfNested(text, from);
  let at = from;
  while (at < text.length && !/[,\]}\s]/.test(text[at] ?? "")) at += 1;
  return at;
}

function endOfNested(text: string, from: number): number {
  let depth = 0;
  let at = from;
  do {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (char === "{" || char === "[") depth += 1;
    if (char === "}" || char === "]") depth -= 1;
    at += 1;
  } while (depth > 0 && at < text.length);
  return at;
}
