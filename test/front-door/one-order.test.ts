/** An order that is told through two channels is one order: at the centre, in the customer's profile, and at a till. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { customerAnswerSchema } from "../../edge/src/serve/view-schema.ts";
import { request } from "../../local/system/request.ts";
import { type House, openHouse } from "../house.ts";
import { openShop, type Shop, type ShopAccount } from "../shop.ts";
import { findSqld } from "../storage/sqld.ts";
import { allCounted, allRead, booksOf } from "./centre-books.ts";
import { answerOf, bodyOf, deliver, SECRET } from "./platforms.ts";
import { shopifyOrder, shopifyRefund } from "./shopify-order.ts";

const secrets = { webhookSecret: SECRET };
const SEGMENT = { id: "segment-web", kind: "segment", trust: 3 } as const;
const SHOPIFY = { id: "shopify-web", kind: "shopify", trust: 7, secrets } as const;
const WOO = { id: "woo-web", kind: "woocommerce", trust: 7, secrets } as const;
const STRIPE = { id: "stripe-web", kind: "stripe", trust: 2, secrets } as const;

/** In the order of their arrival. */
type Told = () => Promise<unknown>;

const emailOf = (userId: string): string => `emma-${userId}@example.com`;

const bought = (order: string, pounds: number) => ({
  order_id: order,
  currency: "GBP",
  total: pounds,
  products: [{ sku: "SHIRT", price: pounds, quantity: 1 }],
});

describe.skipIf(!findSqld())("one order, two channels", { timeout: 180_000 }, () => {
  let house: House;
  let shop: Shop;
  let writeKey: string;
  let deliveries = 0;

  beforeAll(async () => {
    house = await openHouse(["store-1"], 27_500);
    const accounts = [SEGMENT, SHOPIFY, WOO, STRIPE];
    shop = await openShop(house.system.edgeUrl, house.secrets.centralToken, accounts);
    writeKey = await shop.keyOf(SEGMENT.id, ["segment"]);
  }, 90_000);

  afterAll(() => house?.close());

  const webhook = (account: ShopAccount, topic: string, body: object): Told => {
    const delivery = `d-${++deliveries}`;
    return async () => {
      const answer = await deliver(shop, account, { topic, body: bodyOf(body), delivery });
      expect(answer).toMatchObject({ status: 200, accepted: 1 });
    };
  };

  const segment = (event: string, userId: string, properties: object, at: string): Told => {
    const messageId = `m-${++deliveries}`;
    const context = { traits: { email: emailOf(userId) } };
    const message = { type: "track", event, userId, messageId, timestamp: at, context, properties };
    return async () => {
      const response = await shop.send("/v1/batch", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ writeKey, batch: [message] }),
      });
      expect(await answerOf(response)).toMatchObject({ status: 200, accepted: 1 });
    };
  };

  /** All accounts and tills together, in pence. */
  async function netOfAll(): Promise<number> {
    const books = await booksOf(house);
    return Object.values(books).reduce((sum, { GBP = 0 }) => sum + GBP, 0);
  }

  async function settled(): Promise<void> {
    const { total } = await house.till(0).client.status();
    if (total.captured > 0) await house.allGolden();
    await allCounted(house, shop);
  }

  async function profileAtEdge(email: string) {
    const headers = { authorization: `Bearer ${house.secrets.centralToken}` };
    const url = `${house.system.edgeUrl}/v1/customers/lookup`;
    const { profile } = await request(url, customerAnswerSchema, { headers, body: { email } });
    return profile;
  }

  interface Expected {
    readonly email: string;
    /** Net of all journals before it began. */
    readonly before: number;
    readonly minor: number;
    readonly returned?: number;
  }

  /** One sale, and what went back, everywhere. */
  async function expectOne({ email, before, minor, returned = 0 }: Expected): Promise<void> {
    await settled();
    expect((await netOfAll()) - before, "at the centre").toBe(minor - returned);
    const totals = {
      GBP: { sales: 1, returns: returned > 0 ? 1 : 0, minor: minor - returned },
    };
    const { purchases } = await profileAtEdge(email);
    expect(purchases?.totals, "in the profile").toEqual(totals);
    const standing = purchases?.recent
      .filter(({ voided }) => voided !== true)
      .map(({ totalMinor }) => totalMinor)
      .toSorted();
    expect(standing, "among the purchases").toEqual(returned > 0 ? [-returned, minor] : [minor]);
    const atTill = async () => {
      const found = await house.lookUp(0, email, true);
      return found.map(({ profile }) => profile.totals["GBP"]);
    };
    await expect.poll(atTill, { timeout: 20_000 }).toEqual([expect.objectContaining(totals.GBP)]);
  }

  const AT = "2026-05-02T10:00:00+00:00";
  const shopifyThenSegment = (n: number): { user: string; segment: Told; shopify: Told } => ({
    user: String(207_000_000 + n),
    segment: segment("Order Completed", String(207_000_000 + n), bought(String(n), 22.5), AT),
    shopify: webhook(
      SHOPIFY,
      "orders/paid",
      shopifyOrder({
        n,
        email: emailOf(String(207_000_000 + n)),
        price: "25.00",
        updatedAt: AT,
      }),
    ),
  });

  test.each([
    ["an event and then a webhook", 1_001, true],
    ["a webhook and then an event", 1_002, false],
  ])("ING2: %s of another total are one sale, the shop's", async (_words, n, isEventFirst) => {
    const before = await netOfAll();
    const { user, segment: event, shopify: hook } = shopifyThenSegment(n);
    for (const told of isEventFirst ? [event, hook] : [hook, event]) {
      await told();
      await allRead(house, shop);
    }
    await expectOne({ email: emailOf(user), before, minor: 2_500 });
    expect(await netOfAll()).toBe(before + 2_500);
  });

  test("ING2: an order of the web shop that a till is paid for without a network is that till's one sale", async () => {
    const before = await netOfAll();
    const n = 1_003;
    const email = emailOf(String(207_000_000 + n));
    const says = { n, email, price: "40.00" };
    const placed = { ...says, status: "pending" as const, updatedAt: AT };
    await webhook(SHOPIFY, "orders/create", shopifyOrder(placed))();
    await allRead(house, shop);
    expect((await netOfAll()) - before, "nothing is paid").toBe(0);

    await house.till(0).uplink.cut();
    await house.capture(0, {
      kind: "sale",
      order: `#${n}`,
      shop: "web-uk",
      // With what else was put into the bag.
      lines: [
        { sku: "SHIRT", quantity: "1", amountMinor: 4_000 },
        { sku: "SOCKS", quantity: "1", amountMinor: 500 },
      ],
      customer: { email },
    });
    const paid = shopifyOrder({ ...says, updatedAt: "2026-05-02T11:00:00+00:00" });
    await webhook(SHOPIFY, "orders/paid", paid)();
    await allCounted(house, shop);
    expect((await netOfAll()) - before, "as far as the web shop knows").toBe(4_000);

    await house.till(0).uplink.restore();
    await expectOne({ email, before, minor: 4_500 });
    const { [SHOPIFY.id]: shopify = {} } = await booksOf(house);
    expect(shopify["GBP"], "the web shop's own is taken back").toBe(5_000);

    // What it hears afterwards changes nothing.
    const done = shopifyOrder({ ...says, price: "41.00", updatedAt: "2026-05-03T11:00:00+00:00" });
    await webhook(SHOPIFY, "orders/updated", done)();
    await expectOne({ email, before, minor: 4_500 });
  });

  test.each([
    ["the event first", 1_004, true],
    ["the webhook first", 1_005, false],
  ])(
    "ING2: a refund that both channels tell of, %s, goes back once",
    async (_words, n, isFirst) => {
      const before = await netOfAll();
      const { user, segment: event, shopify: hook } = shopifyThenSegment(n);
      await hook();
      await event();
      const refund = webhook(SHOPIFY, "refunds/create", shopifyRefund(n, 500_000 + n, "7.00"));
      const back = { ...bought(String(n), 7), refund_id: "other-name" };
      const refunded = segment("Order Refunded", user, back, "2026-05-04T10:00:01Z");
      for (const told of isFirst ? [refunded, refund] : [refund, refunded]) {
        await told();
        await allRead(house, shop);
      }
      await expectOne({ email: emailOf(user), before, minor: 2_500, returned: 700 });
      expect(await netOfAll()).toBe(before + 1_800);
    },
  );

  const WOO_ORDER = {
    id: 9_001,
    number: "9001",
    order_key: "wc_order_e2e",
    status: "processing",
    currency: "GBP",
    date_created_gmt: "2026-05-02T10:00:00",
    date_modified_gmt: "2026-05-02T10:01:00",
    date_paid_gmt: "2026-05-02T10:01:00",
    total: "36.00",
    total_tax: "6.00",
    customer_id: 0,
    billing: { first_name: "Emma", last_name: "Ward", email: emailOf("woo") },
    transaction_id: "ch_e2e",
    meta_data: [{ id: 1, key: "_stripe_intent_id", value: "pi_e2e" }],
    line_items: [
      { id: 1, name: "Mug", sku: "MUG", quantity: 1, total: "30.00", total_tax: "6.00" },
    ],
    tax_lines: [{ id: 2, rate_code: "VAT", tax_total: "6.00", shipping_tax_total: "0.00" }],
    shipping_lines: [],
    fee_lines: [],
    coupon_lines: [],
    refunds: [],
  };
  const CHARGE = {
    id: "evt_e2e",
    object: "event",
    type: "charge.succeeded",
    livemode: true,
    created: 1_777_716_061,
    data: {
      object: {
        id: "ch_e2e",
        object: "charge",
        amount: 3_600,
        amount_captured: 3_600,
        captured: true,
        paid: true,
        status: "succeeded",
        currency: "gbp",
        created: 1_777_716_060,
        livemode: true,
        payment_intent: "pi_e2e",
        metadata: {},
        billing_details: { email: emailOf("woo"), name: "Emma Ward" },
        payment_method_details: { type: "card", card: { brand: "visa", last4: "4242" } },
      },
    },
  };

  test("ING2: an order of WooCommerce and the charge at Stripe that pays it are one sale", async () => {
    const before = await netOfAll();
    await webhook(STRIPE, "charge.succeeded", CHARGE)();
    await allCounted(house, shop);
    expect((await netOfAll()) - before, "the charge alone").toBe(3_600);
    await webhook(WOO, "order.updated", WOO_ORDER)();
    await expectOne({ email: emailOf("woo"), before, minor: 3_600 });
    const books = z.record(z.string(), z.unknown()).parse(await booksOf(house));
    expect(books[WOO.id], "with its goods, the shop's").toEqual({ GBP: 3_600 });
    expect(books[STRIPE.id]).toBeUndefined();
  });
});
