/**
 * Segment's six calls, and of its `track` the e-commerce events (spec v2, and the names that v1 had for them). What each
 * becomes is the table in docs/connectors.md.
 */
import { fail } from "../../result.ts";
import type { ConnectCapture } from "../captures.ts";
import { failureOf } from "../failure.ts";
import type { MapAccount, Mapped, Sent } from "../mapper.ts";
import { finish, nothing } from "../read/finish.ts";
import { isObject } from "../read/json.ts";
import { Part } from "../read/part.ts";
import { behaviourOf, type Deed, groupProperties } from "./behaviour.ts";
import { cartOf } from "./cart.ts";
import { consentsOf } from "./consents.ts";
import { customerOf, groupTraitsOf } from "./customer.ts";
import { type Message, objectIn, readMessage } from "./message.ts";
import { orderOf, refundOf, type Said } from "./order.ts";
import { SEGMENT_TYPES } from "./split.ts";

const EVENT_CHARS = 200;

/** `topic` is the message's type. */
export function mapSegment(sent: Sent, account: MapAccount): Mapped {
  const type = SEGMENT_TYPES.find((known) => known === sent.topic);
  if (type === undefined) return fail(failureOf("unknown_topic"));
  const read = readMessage(sent, account);
  if (!read.ok) return read;
  const message = read.value;
  const captures = capturesOf(message, type);
  return captures === null ? nothing() : finish(message.notes, captures);
}

function capturesOf(message: Message, type: (typeof SEGMENT_TYPES)[number]) {
  switch (type) {
    case "identify":
      return [identify(message)];
    case "alias":
      return alias(message);
    case "group":
      return [group(message)];
    case "page":
    case "screen":
      return view(message, type);
    case "track":
      return track(message);
  }
}

const saidBy = (message: Message): Said => ({
  at: new Date(message.ms).toISOString(),
  customer: customerOf(message.ids, message.traits),
});

function identify(message: Message): ConnectCapture {
  const traits = { ...message.traits, ...objectIn(message.part.value, "traits") };
  const customer = customerOf(message.ids, traits);
  const { locale } = message.context;
  const consents = consentsOf(message.context);
  return {
    kind: "claim",
    key: message.key,
    at: saidBy(message).at,
    customer:
      typeof locale === "string" && locale !== "" ? { language: locale, ...customer } : customer,
    ...(consents.length === 0 ? {} : { consents }),
  };
}

/** Two ids are one person: the earlier one counts as a browser's, whatever it looks like. */
function alias(message: Message): ConnectCapture[] {
  const { part, ids } = message;
  const previous = part.need(part.id("previousId") ?? part.id("previous_id"), "previousId");
  const userId = part.need(ids.userId, "userId");
  if (previous === undefined || userId === undefined) return [];
  const customer = { userId, anonymousIds: [previous] };
  return [{ kind: "claim", key: message.key, at: saidBy(message).at, customer }];
}

function group(message: Message): ConnectCapture {
  const { part } = message;
  const said = saidBy(message);
  const groupId = part.id("groupId") ?? part.id("group_id");
  const own = isObject(said.customer?.traits) ? said.customer.traits : {};
  const traits = { ...own, ...groupTraitsOf(groupId, part.value["traits"]) };
  const customer = { ...said.customer, ...(Object.keys(traits).length === 0 ? {} : { traits }) };
  const deed: Deed = { type: "group", name: "Group", properties: groupProperties(part.value) };
  return behaviourOf(message, deed, { ...said, customer });
}

function view(message: Message, type: "page" | "screen"): ConnectCapture[] | null {
  const name = message.part.text("name", EVENT_CHARS) ?? (type === "page" ? "Page" : "Screen");
  if (isIgnored(message, name)) return null;
  const properties = objectIn(message.part.value, "properties");
  return [behaviourOf(message, { type, name, properties }, saidBy(message))];
}

const isIgnored = ({ account }: Message, name: string): boolean =>
  account.rules.ignoredNames?.includes(name) ?? false;

function track(message: Message): ConnectCapture[] | null {
  const { part, notes } = message;
  const name = part.need(part.text("event", EVENT_CHARS), "event");
  if (name === undefined) return [];
  if (isIgnored(message, name)) return null;
  const properties = objectIn(part.value, "properties");
  const read = new Part(properties, "properties", notes);
  return [...eventsOf(name, message, read)].filter((capture) => capture !== null);
}

/** By their names in small letters; the second ones are those of the first spec. */
const COMMERCE: ReadonlyMap<
  string,
  "completed" | "cancelled" | "refunded" | "add" | "remove" | "set"
> = new Map([
  ["order completed", "completed"],
  ["completed order", "completed"],
  ["order updated", "completed"],
  ["updated order", "completed"],
  ["order cancelled", "cancelled"],
  ["order canceled", "cancelled"],
  ["order refunded", "refunded"],
  ["refunded order", "refunded"],
  ["product added", "add"],
  ["added product", "add"],
  ["product removed", "remove"],
  ["removed product", "remove"],
  ["cart viewed", "set"],
  ["viewed cart", "set"],
  ["checkout started", "set"],
  ["started checkout", "set"],
]);

const CONSENT_EVENT = "segment consent preference updated";

function eventsOf(name: string, message: Message, properties: Part): (ConnectCapture | null)[] {
  const said = saidBy(message);
  const word = name.toLowerCase();
  const what = COMMERCE.get(word);
  const deed: Deed = { type: "track", name, properties: properties.value };
  switch (what) {
    case "completed":
      return [
        orderOf(message, properties, "paid", said),
        word.endsWith("completed") || word.startsWith("completed")
          ? cartOf(message, properties, "ordered", said)
          : null,
      ];
    case "cancelled":
      return [orderOf(message, properties, "cancelled", said)];
    case "refunded":
      return [refundOf(message, properties, said)];
    case "add":
    case "remove":
    case "set":
      return [behaviourOf(message, deed, said), cartOf(message, properties, what, said)];
    case undefined: {
      const consents = word === CONSENT_EVENT ? consentsOf(message.context) : [];
      const behaviour = behaviourOf(message, deed, said);
      return [consents.length === 0 ? behaviour : { ...behaviour, consents }];
    }
  }
}
