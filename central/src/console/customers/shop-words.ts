/** Words for what shop, app and programs tell. */
import type { Item } from "@regulars/shared/events/behaviour";
import type { TraitValue } from "@regulars/shared/events/trait";
import type { Activity } from "../../golden/golden.ts";
import { formatCount } from "../format.ts";

const CHANNEL_WORDS: Readonly<Record<string, string>> = {
  web: "web",
  app: "app",
  desk: "service desk",
  import: "from a file",
};

/** `null` for a till, of which nothing need be said. */
export const channelWords = (channel: string | undefined): string | null =>
  channel === undefined || channel === "till" ? null : (CHANNEL_WORDS[channel] ?? channel);

const ORDER_WORDS = {
  placed: "Placed, not paid",
  paid: "Paid",
  fulfilled: "Fulfilled",
  cancelled: "Cancelled",
} as const satisfies Record<Activity["orders"][number]["state"], string>;

export const orderWords = ({ state }: Pick<Activity["orders"][number], "state">): string =>
  ORDER_WORDS[state];

const TYPE_WORDS = {
  track: "",
  page: "Page: ",
  screen: "Screen: ",
  group: "Group: ",
} as const satisfies Record<Activity["behaviours"][number]["type"], string>;

export const behaviourWords = ({
  type,
  name,
}: Pick<Activity["behaviours"][number], "type" | "name">): string => `${TYPE_WORDS[type]}${name}`;

export function itemWords({ sku, description, quantity }: Item): string {
  const name = description ?? sku;
  return quantity === undefined || quantity === "1" ? name : `${quantity} × ${name}`;
}

export function traitWords(value: TraitValue): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  return typeof value === "number" ? formatNumber(value) : value;
}

/** Thousands apart where it is a count; as it is where it has decimals, for they are somebody's own. */
const formatNumber = (value: number): string =>
  Number.isSafeInteger(value) ? formatCount(value) : String(value);
