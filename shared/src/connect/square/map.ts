/**
 * Square's notifications and the answers of its API. A notification about an order holds its id and no more: the order is
 * fetched. What each becomes is the table in docs/connectors.md.
 */
import { fail, ok } from "../../result.ts";
import type { ConnectCapture } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { MapAccount, Mapped, Sent } from "../mapper.ts";
import { finish, nothing } from "../read/finish.ts";
import { isObject, type JsonObject, readJson } from "../read/json.ts";
import { type Notes, Part } from "../read/part.ts";
import { claimOf } from "./customer.ts";
import { SQUARE_API_TOPIC, SQUARE_TOPICS } from "./envelope.ts";
import { captureOfLoyalty } from "./loyalty.ts";
import { capturesOfOrder } from "./order.ts";
import { captureOfPayment } from "./payment.ts";
import { refundOf } from "./refund.ts";
import type { Told } from "./told.ts";

export function mapSquare(sent: Sent, account: MapAccount): Mapped {
  const topic = SQUARE_TOPICS.find((known) => known === sent.topic);
  // First, for the topic stands in the body: of one that was cut off it is unknown.
  const body = objectOf(sent.body);
  if (!body.ok) return body;
  if (topic === undefined && sent.topic !== SQUARE_API_TOPIC) {
    return fail(failureOf("unknown_topic"));
  }
  const told = { account, at: new Date(sent.receivedAtMs).toISOString() };
  if (topic === undefined) return mapAnswer(body.value, told);
  const notes: Notes = { failure: null };
  const envelope = new Part(body.value, "", notes);
  const data = envelope.need(envelope.part("data"), "data");
  const at = envelope.utcInstant("created_at") ?? told.at;
  if (data === undefined) return finish(notes, []);
  const mapped = mapData(data, topic, { sent, told: { account, at } });
  return notes.failure === null ? mapped : fail(notes.failure);
}

interface Context {
  readonly sent: Sent;
  readonly told: Told;
}

type Topic = (typeof SQUARE_TOPICS)[number];

function mapData(data: Part, topic: Topic, { sent, told }: Context): Mapped {
  const object = data.part("object");
  switch (topic) {
    case "order.created":
    case "order.updated":
    case "order.fulfillment.updated": {
      const name = topic.replaceAll(".", "_");
      const id = object?.part(name)?.id("order_id") ?? data.id("id");
      return fetched(data, id, "/v2/orders/", { sent, told });
    }
    case "loyalty.event.created": {
      const id = object?.part("loyalty_event")?.id("loyalty_account_id");
      return fetched(data, id, "/v2/loyalty/accounts/", { sent, told });
    }
    // Of a directory, not of a person's wish: Square also deletes what it merges.
    case "customer.deleted":
    case "loyalty.account.deleted":
      return nothing();
    case "customer.created":
    case "customer.updated": {
      const customer = object?.part("customer");
      if (customer === undefined)
        return fetched(data, data.id("id"), "/v2/customers/", { sent, told });
      return finish(data.notes, claimOf(customer, told));
    }
    case "payment.created":
    case "payment.updated":
    case "refund.created":
    case "refund.updated":
    case "loyalty.account.created":
    case "loyalty.account.updated":
      return mapObject(data, object, told);
  }
}

function mapObject(data: Part, object: Part | undefined, told: Told): Mapped {
  const said = object === undefined ? null : capturesIn(object, told);
  if (said === null) data.fail("missing_field", "object");
  return finish(data.notes, said ?? []);
}

/** Ids as Square makes them: nothing that could lead elsewhere than below the path. */
const PLAIN_ID = /^[\w-]{1,128}$/;

function fetched(
  data: Part,
  id: string | undefined,
  path: string,
  { sent, told }: Context,
): Mapped {
  if (sent.fetched !== undefined) {
    const answer = objectOf(sent.fetched);
    return answer.ok ? mapAnswer(answer.value, told) : answer;
  }
  if (data.notes.failure !== null) return fail(data.notes.failure);
  if (id === undefined) return fail(failureOf("missing_field", "data.id"));
  if (!PLAIN_ID.test(id)) return fail(failureOf("bad_field", "data.id"));
  return ok({ needs: { path: path + id } });
}

/** Understood, and nothing in them is kept: lists of ids, steps of points, places. */
const SILENT = ["order_entries", "events", "locations", "location"];

function mapAnswer(answer: JsonObject, told: Told): Mapped {
  const notes: Notes = { failure: null };
  const part = new Part(answer, "", notes);
  const captures = capturesIn(part, told);
  if (captures !== null) return finish(notes, captures);
  if (notes.failure !== null) return fail(notes.failure);
  if (SILENT.some((name) => name in answer)) return nothing();
  if ("errors" in answer) return fail(failureOf("not_found"));
  // Square leaves empty lists out.
  return Object.keys(answer).length === 0 ? nothing() : fail(failureOf("unknown_topic"));
}

type Read = (part: Part, told: Told) => readonly ConnectCapture[];

const READERS: readonly (readonly [one: string, many: string, read: Read])[] = [
  ["order", "orders", capturesOfOrder],
  ["payment", "payments", captureOfPayment],
  ["refund", "refunds", refundOf],
  ["customer", "customers", claimOf],
  ["loyalty_account", "loyalty_accounts", captureOfLoyalty],
];

/** Everything that the object holds under names that we know; null where there is none of them. */
function capturesIn(object: Part, told: Told): ConnectCapture[] | null {
  const captures: ConnectCapture[] = [];
  let isKnown = false;
  for (const [one, many, read] of READERS) {
    const single = object.part(one);
    const parts = single === undefined ? object.parts(many) : [single];
    isKnown ||= single !== undefined || object.raw(many) !== undefined;
    captures.push(...parts.flatMap((part) => read(part, told)));
  }
  const responses = object.part("responses");
  if (responses === undefined) return isKnown ? captures : null;
  return [...captures, ...bulk(responses, told)];
}

/** Answers to a bulk call, by names of the caller's; those that failed say nothing. */
function bulk(responses: Part, told: Told): ConnectCapture[] {
  return Object.values(responses.value).flatMap((response) => {
    if (!isObject(response)) return [];
    const customer = new Part(response, responses.path, responses.notes).part("customer");
    return customer === undefined ? [] : claimOf(customer, told);
  });
}

function objectOf(body: Uint8Array) {
  const read = readJson(body);
  if (!read.ok) return read;
  return isObject(read.value)
    ? ok(read.value)
    : fail(failureOf("bad_field", undefined, "It is no JSON object."));
}
