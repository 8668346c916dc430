/**
 * Every public payload of Shopify and WooCommerce, where the data is there (../shared/data): good, with a wrong signature,
 * twice, out of order, cut off. What it comes to is worked out here from the payload's own totals, in another way.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesToBase64 } from "../digest.ts";
import type { ConnectCapture } from "./captures.ts";
import { FAILURE_CODES, wordsOf } from "./failure.ts";
import type { Mapped, Mapper } from "./mapper.ts";
import { accountFor, bytesOf, capturesOf, RECEIVED_AT_MS } from "../../../test/connect/captures.ts";
import { type Signed, signatureOf } from "./read/sign.ts";
import * as shopify from "./shopify/index.ts";
import * as woo from "./woocommerce/index.ts";

type Json = Record<string, unknown>;
const rootUrl = new URL("../../../../shared/data/payloads/", import.meta.url);
const isThere = existsSync(rootUrl);

interface Platform {
  readonly map: Mapper;
  readonly topicOf: typeof shopify.topicOf;
  readonly deliveryKeyOf: typeof shopify.deliveryKeyOf;
  readonly verify: (signed: Signed) => { readonly code: string } | null;
  readonly header: string;
  readonly files: readonly string[];
}

const filesOf = (name: string): string[] =>
  isThere ? readdirSync(new URL(name, rootUrl)).map((file) => `${name}/${file}`) : [];

const PLATFORMS: readonly Platform[] = [
  {
    map: shopify.mapShopify,
    topicOf: shopify.topicOf,
    deliveryKeyOf: shopify.deliveryKeyOf,
    verify: shopify.verifyShopify,
    header: "x-shopify-hmac-sha256",
    files: filesOf("shopify"),
  },
  {
    map: woo.mapWooCommerce,
    topicOf: woo.topicOf,
    deliveryKeyOf: woo.deliveryKeyOf,
    verify: woo.verifyWooCommerce,
    header: "x-wc-webhook-signature",
    files: filesOf("woocommerce"),
  },
];

const load = (file: string): Uint8Array => new Uint8Array(readFileSync(new URL(file, rootUrl)));
const jsonOf = (body: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(body));

/** Everything in it that has `field`, however it is wrapped; not within what has it already. */
function withField(value: unknown, field: string): Json[] {
  if (Array.isArray(value)) return value.flatMap((each) => withField(each, field));
  if (typeof value !== "object" || value === null) return [];
  if (Object.hasOwn(value, field)) return [value as Json];
  return Object.values(value).flatMap((each) => withField(each, field));
}

/** All of the payloads are in currencies with two digits. */
const cents = (text: unknown): number => Math.round(Number(text) * 100);
const total = (capture: ConnectCapture): number =>
  "lines" in capture ? capture.lines.reduce((sum, line) => sum + (line.amountMinor ?? 0), 0) : 0;

function run({ map, topicOf }: Platform, body: Uint8Array): Mapped {
  const topic = topicOf({}, body);
  return map(
    { topic, body, headers: {}, receivedAtMs: RECEIVED_AT_MS },
    accountFor({ currency: "USD" }),
  );
}

const totalsOf = (captures: readonly ConnectCapture[], kind: string) =>
  captures.filter((capture) => capture.kind === kind).map(total);

/** What the payload says of itself. */
function expectedTotals(file: string, body: Uint8Array): { orders: number[]; refunds: number[] } {
  const json = jsonOf(body);
  if (file.startsWith("shopify/")) {
    const isOrder = /order(s|_with_properties)?\.json$/.test(file) && !file.includes("draft");
    const orders = isOrder ? withField(json, "financial_status") : [];
    const refunds = withField(json, "refund_line_items");
    return {
      orders: orders.map((order) => cents(order["total_price"])),
      refunds: refunds.map((refund) => {
        const paid = (refund["transactions"] as Json[]).filter(({ kind }) => kind === "refund");
        return -paid.reduce((sum, { amount }) => sum + cents(amount), 0);
      }),
    };
  }
  const orders = withField(json, "line_items").filter((each) => Object.hasOwn(each, "order_key"));
  const alone = withField(json, "refunded_by");
  // Of orders that a batch has deleted no refund is told: none of their money counts.
  const deleted = withField((json as Json)["delete"], "order_key");
  const within = orders
    .filter((order) => !deleted.includes(order))
    .flatMap((order) => order["refunds"] as Json[]);
  return {
    orders: orders.map((order) => cents(order["total"])),
    refunds: [
      ...within.map((refund) => cents(refund["total"])),
      ...alone.map(({ amount }) => -cents(amount)),
    ],
  };
}

/** What is no order, refund, customer or checkout, and says so. */
const REFUSED =
  /events|fulfillment|gift_card|inventory_levels|marketing_events|product|tender_transactions|ruby_transaction|webhook|customer_07/;

for (const platform of PLATFORMS) {
  describe.skipIf(!isThere)(`${platform.header}: public payloads (skipped where absent)`, () => {
    test.each(platform.files.filter((file) => REFUSED.test(file)))("%s is refused", (file) => {
      const mapped = run(platform, load(file));
      expect(mapped).toEqual({ ok: false, reason: { code: "unknown_topic" } });
    });

    test.each(platform.files.filter((file) => !REFUSED.test(file)))(
      "%s is right to the cent",
      (file) => {
        const body = load(file);
        const captures = capturesOf(run(platform, body));
        const expected = expectedTotals(file, body);
        expect(totalsOf(captures, "order")).toEqual(expected.orders);
        expect(totalsOf(captures, "refund")).toEqual(expected.refunds);
        expect(captures.length > 0 || file.includes("draft")).toBe(true);
      },
    );

    test.each(platform.files)("%s with a wrong signature, and twice", (file) => {
      const body = load(file);
      const good = { [platform.header]: bytesToBase64(signatureOf("secret", body)) };
      const verify = (headers: Record<string, string>, secret: string) =>
        platform.verify({ body, headers, secret, nowMs: RECEIVED_AT_MS })?.code ?? null;
      expect(verify(good, "secret")).toBeNull();
      expect(verify(good, "another")).toBe("bad_signature");
      expect(verify({}, "secret")).toBe("no_signature");
      expect(platform.deliveryKeyOf(good, body)).toBe(platform.deliveryKeyOf(good, body));
      expect(run(platform, body)).toEqual(run(platform, body));
    });

    test.each(platform.files)(
      "%s cut off at every hundredth byte is a reason, never an exception",
      (file) => {
        const body = load(file);
        for (let end = 0; end < body.length - 2; end += 100) {
          const mapped = run(platform, body.subarray(0, end));
          if (mapped.ok) throw new Error(`was taken although cut off at byte ${end}`);
          expect(FAILURE_CODES).toContain(mapped.reason.code);
          const said = platform.map(
            { topic: "orders/create", body: body.subarray(0, end), headers: {}, receivedAtMs: 0 },
            accountFor(),
          );
          if (said.ok) throw new Error("was taken although cut off");
          expect(said.reason.code).toBe("not_json");
          expect(wordsOf(said.reason)).toMatch(/cut off/);
        }
      },
    );
  });
}

test.skipIf(!isThere)(
  "of two states of an order the later one has the higher revision, whichever comes first",
  () => {
    const [platform] = PLATFORMS;
    const order = (jsonOf(load("shopify/ruby_order.json")) as { order: Json }).order;
    const later = { ...order, financial_status: "paid", updated_at: "2008-01-10T11:00:05-05:00" };
    const revisions = [later, order].map((each) => {
      const [capture] = capturesOf(run(platform!, bytesOf({ order: each })));
      return capture?.kind === "order"
        ? { revision: capture.revision, state: capture.state }
        : null;
    });
    expect(revisions[0]!.revision).toBeGreaterThan(revisions[1]!.revision);
    expect(revisions.map((each) => each?.state)).toEqual(["paid", "placed"]);
  },
);
