/** The samples that are sent: public ones where the data is there (../shared/data), and those of this repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { z } from "zod";
import { bodyOf, type Message, type PlatformKind } from "./platforms.ts";

export type Json = Readonly<Record<string, unknown>>;

const dataUrl = new URL("../../../shared/data/payloads/", import.meta.url);
const fixturesUrl = new URL("../../shared/src/connect/", import.meta.url);
export const isDataThere = existsSync(dataUrl);

const filesIn = (url: URL): Map<string, Buffer> =>
  new Map(
    existsSync(url)
      ? readdirSync(url)
          .toSorted()
          .map((name) => [name, readFileSync(new URL(name, url))])
      : [],
  );

export const objectOf = (body: Buffer): Json =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(body.toString("utf8")));

/** By what a file is about: the topic under which Shopify sends it. Of some it has no webhook that is taken in. */
const SHOPIFY_TOPICS: readonly (readonly [RegExp, string])[] = [
  [/draft_order/, "draft_orders/update"],
  [/order/, "orders/updated"],
  [/checkout/, "checkouts/update"],
  [/customer/, "customers/update"],
  [/refund/, "refunds/create"],
  [/product/, "products/update"],
  [/fulfillment/, "fulfillments/create"],
  [/inventory/, "inventory_levels/update"],
  [/transaction/, "tender_transactions/create"],
];
const shopifyTopicOf = (name: string): string =>
  SHOPIFY_TOPICS.find(([pattern]) => pattern.test(name))?.[1] ?? "app/something_new";

function shopifyData(): Message[] {
  const messages = [...filesIn(new URL("shopify/", dataUrl))].map(([name, body]) => {
    return { name, topic: shopifyTopicOf(name), body };
  });
  const order = messages.find(({ name }) => name === "ruby_order.json");
  if (!order) return messages;
  // All public ones are unpaid: this one is paid five seconds later.
  const paid = {
    ...(objectOf(order.body)["order"] as Json),
    financial_status: "paid",
    updated_at: "2008-01-10T11:00:05-05:00",
  };
  return [...messages, { name: "paid", topic: "orders/paid", body: bodyOf(paid) }];
}

const wooTopicOf = (name: string): string => {
  const [what = ""] = name.split("_");
  // The last of the customers is a list of downloads, which no webhook sends.
  return name === "customer_07.json" ? "download.created" : `${what}.updated`;
};

function wooData(): Message[] {
  return [...filesIn(new URL("woocommerce/", dataUrl))].map(([name, body]) => ({
    name,
    topic: wooTopicOf(name).replace("refund.updated", "refund.created"),
    body,
  }));
}

const fixtures = (kind: PlatformKind, topicOf: (name: string) => string): Message[] =>
  [...filesIn(new URL(`${kind}/fixtures/`, fixturesUrl))].map(([name, body]) => ({
    name,
    topic: topicOf(name.replace(".json", "")),
    body,
  }));

/** `orders_paid`, `customers_redact`. */
const topicOfFixture = (name: string): string => name.replace("_", "/");

export const OWN: Readonly<Record<"shopify" | "woocommerce" | "stripe", readonly Message[]>> = {
  shopify: fixtures("shopify", topicOfFixture),
  woocommerce: fixtures("woocommerce", (name) => name),
  stripe: fixtures("stripe", (name) => name),
};
export const PUBLIC: Readonly<Record<"shopify" | "woocommerce", readonly Message[]>> = {
  shopify: shopifyData(),
  woocommerce: wooData(),
};

export const squareSamples = (): Map<string, Buffer> => filesIn(new URL("square/", dataUrl));

export function segmentSamples(): Json[] {
  const file = new URL("segment_spec_examples.jsonl", dataUrl);
  if (!isDataThere) return [];
  const lines = readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => objectOf(Buffer.from(line))["payload"] as Json);
}

export const poslogFile = (): URL => new URL("poslog/ncr_acs_full.xml.gz", dataUrl);
