/**
 * What a Segment client sends, taken apart: each message becomes an item of its own, so that a bad one does not take its
 * batch with it. Nothing is read here but what names the item.
 */
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { contentKey, isPlainName } from "../delivery-key.ts";
import {
  elementsOf,
  isObjectText,
  jsonTextOf,
  membersOf,
  objectOf,
  textMember,
} from "../json-text.ts";

export const SEGMENT_TYPES = ["identify", "track", "page", "screen", "group", "alias"] as const;
export type SegmentType = (typeof SEGMENT_TYPES)[number];

export interface SegmentMessage {
  /** `segment:<messageId>`; of a message without one, or with one that is no name, a digest of what it says. */
  readonly key: string;
  /** Its type, or `unknown`. */
  readonly topic: SegmentType | "unknown";
  /** The message as JSON, with the `sentAt` and `context` of its batch where it has none of its own, without its `writeKey`. */
  readonly body: Uint8Array;
  /** It cannot be used, and is kept for a person to see. */
  readonly failed?: Failure;
}

export interface SegmentBatch {
  readonly writeKey?: string;
  readonly sentAt?: string;
  readonly messages: readonly SegmentMessage[];
}

export interface SplitContext {
  /** The type that the route says, for `/v1/identify` and the like; without it the body is a batch. */
  readonly type?: SegmentType;
}

/** Fails with `too_large`, `not_utf8`, `not_json`, `missing_field` (batch) or `bad_field` (batch). */
export function splitBatch(
  body: Uint8Array,
  { type }: SplitContext,
): Result<SegmentBatch, Failure> {
  if (body.byteLength > LIMITS.segmentBatchBytes) return fail(failureOf("too_large"));
  const read = jsonTextOf(body);
  if (!read.ok) return read;
  const text = read.value;
  if (!isObjectText(text)) return fail(failureOf("bad_field", undefined, "It is no JSON object."));
  const members = membersOf(text);
  const writeKey = textMember(members, "writeKey");
  const sentAt = textMember(members, "sentAt");
  const head = {
    ...(writeKey === null ? {} : { writeKey }),
    ...(sentAt === null ? {} : { sentAt }),
  };
  if (type !== undefined) return ok({ ...head, messages: [messageOf(text, new Map(), type)] });
  const batch = members.get("batch");
  if (batch === undefined) return fail(failureOf("missing_field", "batch"));
  if (!batch.startsWith("[")) return fail(failureOf("bad_field", "batch", "It is no list."));
  const elements = elementsOf(batch);
  if (elements.length > LIMITS.segmentBatchEvents) return fail(failureOf("too_large", "batch"));
  const shared = sharedOf(members);
  // It goes into each of them: what is sent once must not come to a thousand times as much.
  const sharedChars = (shared.get("context") ?? "").length * elements.length;
  if (sharedChars > LIMITS.segmentBatchBytes) return fail(failureOf("too_large", "context"));
  return ok({ ...head, messages: elements.map((element) => messageOf(element, shared)) });
}

const TIME_CHARS = 64;

/** What the batch says for all of its messages. */
function sharedOf(batch: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const shared = new Map<string, string>();
  const sentAt = batch.get("sentAt");
  const context = batch.get("context");
  if (sentAt !== undefined && sentAt.length <= TIME_CHARS) shared.set("sentAt", sentAt);
  if (isObjectText(context)) shared.set("context", context);
  return shared;
}

function messageOf(
  element: string,
  shared: ReadonlyMap<string, string>,
  type?: SegmentType,
): SegmentMessage {
  const members = isObjectText(element) ? membersOf(element) : null;
  const key = keyOf(element, members);
  const topic = type ?? typeOf(members);
  const bytes = new TextEncoder().encode(element);
  if (bytes.byteLength > LIMITS.segmentEventBytes) {
    // Cut: no later reading could take it, and a batch of them would fill the desk.
    const body = bytes.slice(0, LIMITS.segmentEventBytes);
    return { key, topic, body, failed: failureOf("too_large") };
  }
  if (members === null) {
    const failed = failureOf("bad_field", "batch", "A message of the batch is no JSON object.");
    return { key, topic, body: bytes, failed };
  }
  members.delete("writeKey");
  // So that what it becomes has the same name as the message.
  members.set("messageId", JSON.stringify(key.slice("segment:".length)));
  const sentAt = members.get("sentAt") ?? shared.get("sentAt");
  if (sentAt !== undefined) members.set("sentAt", sentAt);
  const context = shared.get("context");
  if (context !== undefined) members.set("context", contextOf(context, members.get("context")));
  return { key, topic, body: new TextEncoder().encode(objectOf(members)) };
}

function contextOf(shared: string, own: string | undefined): string {
  if (!isObjectText(own)) return shared;
  return objectOf(new Map([...membersOf(shared), ...membersOf(own)]));
}

function keyOf(element: string, members: ReadonlyMap<string, string> | null): string {
  if (members === null) return contentKey("segment", element);
  const id = textMember(members, "messageId");
  if (id !== null && isPlainName(id)) return `segment:${id}`;
  // What a second attempt to send it says anew is no part of the message.
  const said = new Map(members);
  for (const name of ["sentAt", "writeKey"]) said.delete(name);
  return contentKey("segment", objectOf(said));
}

/** Older clients, and much of Segment's own handbook, call the type `action`. */
function typeOf(members: ReadonlyMap<string, string> | null): SegmentMessage["topic"] {
  if (members === null) return "unknown";
  const type = textMember(members, "type") ?? textMember(members, "action");
  return SEGMENT_TYPES.find((known) => known === type) ?? "unknown";
}
