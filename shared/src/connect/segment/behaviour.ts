/** What somebody did. Queries of addresses, and what may be another person's, are left out. */
import type { Behaviour } from "../../events/behaviour.ts";
import { LIMITS } from "../../limits.ts";
import type { ConnectCapture } from "../captures.ts";
import { isObject, type JsonObject } from "../read/json.ts";
import { itemsIn } from "./cart.ts";
import { flatten, type Scalar } from "./flatten.ts";
import { type Message, objectIn } from "./message.ts";
import type { Said } from "./order.ts";

type BehaviourCapture = Extract<ConnectCapture, { kind: "behaviour" }>;

export interface Deed {
  readonly type: Behaviour["type"];
  readonly name: string;
  readonly properties: JsonObject;
}

export function behaviourOf(
  message: Message,
  { type, name, properties }: Deed,
  said: Said,
): BehaviourCapture {
  const page = pageOf(properties, objectIn(message.context, "page"), type);
  const items = itemsIn(properties);
  const kept = propertiesOf(properties);
  return {
    ...said,
    kind: "behaviour",
    key: message.key,
    type,
    name,
    ...(page === null ? {} : { page }),
    ...(items.length === 0 ? {} : { items }),
    ...(Object.keys(kept).length === 0 ? {} : { properties: kept }),
  };
}

/** Of a page view its own address, of anything else the page where it happened. */
function pageOf(properties: JsonObject, page: JsonObject, type: Deed["type"]): string | null {
  const own = type === "page" ? [properties["path"], properties["url"]] : [];
  for (const value of [...own, page["path"], page["url"]]) {
    if (typeof value === "string" && value !== "") return pathOf(value);
  }
  return null;
}

const ADDRESS = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

function pathOf(address: string): string {
  const path = withoutQuery(address.replace(ADDRESS, ""));
  return (path === "" ? "/" : path).slice(0, LIMITS.fieldChars).toWellFormed();
}

const withoutQuery = (address: string): string => address.replace(/[?#].*$/su, "");

/** Names of properties that hold what belongs to a person, often to another one than who did it. */
const PERSONAL = /phone|mobile|recipient|passw|secret|token|birth|first.?name|last.?name|address/i;
/** Words that people write to each other. */
const WORDS = /message_body|share_message/i;
const EMAIL = /[^\s@]@[^\s@]/;

function propertiesOf(properties: JsonObject): Record<string, Scalar> {
  const kept: Record<string, Scalar> = {};
  for (const [name, value] of Object.entries(flatten(properties, LIMITS.behaviourProperties))) {
    if (PERSONAL.test(name) || WORDS.test(name) || name === "search") continue;
    const told = typeof value === "string" && ADDRESS.test(value) ? withoutQuery(value) : value;
    if (typeof told === "string" && EMAIL.test(told)) continue;
    kept[name] = told;
  }
  return kept;
}

/** Traits of a group, as properties of having joined it. */
export function groupProperties(value: JsonObject): JsonObject {
  const groupId = value["groupId"];
  const traits = isObject(value["traits"]) ? value["traits"] : {};
  return groupId === undefined ? traits : { ...traits, groupId };
}
