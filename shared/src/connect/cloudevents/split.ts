/**
 * CloudEvents 1.0 over HTTP, taken apart: structured, batched or with the attributes in headers. Each event becomes an item
 * whose body is the event in the structured form, its data byte for byte as it came.
 */
import { z } from "zod";
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { contentKey, isPlainName, namedKey } from "../delivery-key.ts";
import { type Failure, failureOf } from "../failure.ts";
import {
  elementsOf,
  isObjectText,
  jsonTextOf,
  membersOf,
  objectOf,
  textMember,
} from "../json-text.ts";

export interface EventItem {
  /** `event:<source>#<id>`, which CloudEvents hold unique; a digest of the two where that cannot stand in a key. */
  readonly key: string;
  /** The event's type, or `unknown`. */
  readonly topic: string;
  readonly body: Uint8Array;
  readonly failed?: Failure;
}

/** Fails with `too_large`, `not_utf8`, `not_json` or `bad_field`, if there is no event at all to be kept. */
export function splitCloudEvents(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Result<readonly EventItem[], Failure> {
  if (body.byteLength > LIMITS.messagesBytes) return fail(failureOf("too_large"));
  if (headers["ce-specversion"] !== undefined) return binary(body, headers);
  const read = jsonTextOf(body);
  if (!read.ok) return read;
  const text = read.value;
  if (!text.startsWith("[")) return ok([itemOf(text)]);
  const elements = elementsOf(text);
  if (elements.length > LIMITS.messagesItems) return fail(failureOf("too_large", "$"));
  return ok(elements.map((element) => itemOf(element)));
}

const ATTRIBUTES = ["specversion", "id", "source", "type", "time", "subject"] as const;

/** The attributes stand in headers, percent-encoded; the body is the data. */
function binary(body: Uint8Array, headers: Readonly<Record<string, string>>) {
  const data = jsonTextOf(body);
  if (!data.ok) return data;
  const members = new Map<string, string>();
  for (const name of ATTRIBUTES) {
    const value = headers[`ce-${name}`];
    if (value !== undefined) members.set(name, JSON.stringify(decoded(value)));
  }
  members.set("data", data.value);
  return ok([itemOf(objectOf(members))]);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function itemOf(element: string): EventItem {
  const bytes = new TextEncoder().encode(element);
  const members = isObjectText(element) ? membersOf(element) : new Map<string, string>();
  const type = textMember(members, "type");
  const topic = type !== null && isPlainName(type) ? type : "unknown";
  const key = keyOf(element, members);
  if (bytes.byteLength > LIMITS.messageBytes) {
    // Cut: no later reading could take it, and a few of them would fill the desk.
    const body = bytes.slice(0, LIMITS.segmentEventBytes);
    return { key, topic, body, failed: failureOf("too_large") };
  }
  const failed = failureIn(members, element);
  return { key, topic, body: bytes, ...(failed === null ? {} : { failed }) };
}

function keyOf(element: string, members: ReadonlyMap<string, string>): string {
  const id = textMember(members, "id");
  const source = textMember(members, "source");
  return id === null || source === null ? contentKey("event", element) : eventKeyOf(source, id);
}

export function eventKeyOf(source: string, id: string): string {
  // A second "#" would let two pairs have one key.
  return source.includes("#")
    ? contentKey("event", JSON.stringify([source, id]))
    : namedKey("event", `${source}#${id}`);
}

export const attributesSchema = z.object({
  specversion: z.literal("1.0"),
  id: z.string().min(1).max(512),
  source: z.string().min(1).max(512),
  type: z.string().min(1).max(128),
  time: z.iso.datetime({ offset: true }).optional(),
});
export type Attributes = z.infer<typeof attributesSchema>;

function failureIn(members: ReadonlyMap<string, string>, element: string): Failure | null {
  if (!isObjectText(element)) return failureOf("bad_field", undefined, "It is no JSON object.");
  const read = readAttributes(members);
  return read.ok ? null : read.reason;
}

/** Fails with `missing_field`, `bad_field` or `bad_time`. */
export function readAttributes(members: ReadonlyMap<string, string>): Result<Attributes, Failure> {
  const given = Object.fromEntries(
    ATTRIBUTES.flatMap((name) => {
      const value = members.get(name);
      return value === undefined || value === "null" ? [] : [[name, JSON.parse(value) as unknown]];
    }),
  );
  const parsed = attributesSchema.safeParse(given);
  if (parsed.success) return ok(parsed.data);
  const field = String(parsed.error.issues[0]?.path[0] ?? "type");
  if (given[field] === undefined) return fail(failureOf("missing_field", field));
  return fail(failureOf(field === "time" ? "bad_time" : "bad_field", field));
}
