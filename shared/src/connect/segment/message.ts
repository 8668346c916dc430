/** One message of a Segment client, read as far as all types have it in common. */
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { contentKey, isPlainName } from "../delivery-key.ts";
import { type Failure, failureOf } from "../failure.ts";
import type { MapAccount, Sent } from "../mapper.ts";
import { isObject, type JsonObject, readJson } from "../read/json.ts";
import { type Notes, Part } from "../read/part.ts";
import type { Ids } from "./customer.ts";
import { momentOf } from "./moment.ts";

export interface Message {
  readonly part: Part;
  readonly notes: Notes;
  readonly account: MapAccount;
  /** `segment:<messageId>` */
  readonly key: string;
  readonly ids: Ids;
  /** When it happened, in ms of our clock. */
  readonly ms: number;
  readonly context: JsonObject;
  /** What the message says of its person, wherever its type puts it. */
  readonly traits: JsonObject;
}

const NOTHING: JsonObject = {};

/** Fails with `not_utf8`, `not_json`, `bad_field`, `bad_time` or `no_identity`. */
export function readMessage(sent: Sent, account: MapAccount): Result<Message, Failure> {
  const read = readJson(sent.body);
  if (!read.ok) return read;
  const value = read.value;
  if (!isObject(value)) return fail(failureOf("bad_field", undefined, "It is no JSON object."));
  const notes: Notes = { failure: null };
  const part = new Part(value, "", notes);
  const ids = idsOf(part);
  const moment = momentOf(value, sent.receivedAtMs);
  if (notes.failure !== null) return fail(notes.failure);
  if (!moment.ok) return moment;
  if (ids.userId === undefined && ids.anonymousId === undefined) {
    return fail(failureOf("no_identity"));
  }
  const context = objectIn(value, "context");
  const traits = objectIn(context, "traits");
  const id = part.raw("messageId");
  const key =
    typeof id === "string" && isPlainName(id) ? `segment:${id}` : contentKey("segment", sent.body);
  return ok({ part, notes, account, key, ids, ms: moment.value, context, traits });
}

/** Also in the spelling of older clients, and of those that are no client. */
function idsOf(part: Part): Ids {
  const max = LIMITS.fieldChars;
  const userId = part.id("userId", max) ?? part.id("user_id", max);
  const anonymousId = part.id("anonymousId", max) ?? part.id("anonymous_id", max);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
  };
}

export function objectIn(of: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(of, name) ? of[name] : undefined;
  return isObject(value) ? value : NOTHING;
}
