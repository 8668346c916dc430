import { sumMinor } from "../read/lines.ts";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Account } from "../account.ts";
import {
  accountFor,
  bytesOf,
  capturesOf,
  RECEIVED_AT_MS,
} from "../../../../test/connect/captures.ts";
import { signatureOf, toHex } from "../read/sign.ts";
import { deliveryKeyOf, mapStripe, topicOf, verifyStripe } from "./index.ts";

const raw = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url)));
interface StripeEvent {
  readonly type: string;
  readonly data: { readonly object: Record<string, unknown> };
}
const fixture = (name: string): StripeEvent =>
  JSON.parse(new TextDecoder().decode(raw(name))) as StripeEvent;

const send = (body: Uint8Array, account: Partial<Account> = {}) =>
  mapStripe(
    { topic: topicOf({}, body), body, headers: {}, receivedAtMs: RECEIVED_AT_MS },
    accountFor(account),
  );
const captures = (body: unknown, account: Partial<Account> = {}) =>
  capturesOf(send(body instanceof Uint8Array ? body : bytesOf(body), account));
/** The event, with other fields in its object. */
const changed = (name: string, fields: Record<string, unknown>) => {
  const event = fixture(name);
  return { ...event, data: { object: { ...event.data.object, ...fields } } };
};

const REFUND = {
  kind: "refund",
  key: "refund:re_1",
  at: "2024-07-03T09:48:19.000Z",
  refund: "re_1",
  order: "pi_3Px",
  currency: "GBP",
  lines: [{ sku: "REFUND", quantity: "1", amountMinor: -1_600 }],
  tenders: [{ type: "card", amountMinor: -1_600 }],
};

test("a charge is an order by the names that its shop gave it, and its refund is one however it is told", () => {
  const all = captures(raw("charge.refunded"));
  expect(all).toEqual([
    {
      kind: "order",
      key: "order:ch_3Px@1720000100001",
      at: "2024-07-01T09:01:00.000Z",
      ids: ["pi_3Px", "ch_3Px", "812", "wc_order_x9"],
      revision: 1_720_000_100_001,
      state: "paid",
      currency: "GBP",
      lines: [{ sku: "PAYMENT", quantity: "1", amountMinor: 5_600 }],
      tenders: [{ type: "card", amountMinor: 5_600, reference: "visa 4242" }],
      customer: {
        userId: "cus_9",
        email: "ann@example.com",
        givenName: "Ann",
        familyName: "Poe",
        address: { line1: "1 High St", city: "Leeds", postalCode: "LS1 4DY", country: "GB" },
      },
    },
    REFUND,
  ]);
  expect(captures(raw("refund.created"))).toEqual([REFUND]);
  // A card is shared, and proves nobody.
  expect(JSON.stringify(all)).not.toContain("SecretFingerprint");
});

test("money that is only promised, has failed or is not back yet is none", () => {
  const placed = captures(changed("charge.refunded", { captured: false, refunds: null }));
  expect(placed).toMatchObject([{ state: "placed" }]);
  expect(captures(changed("charge.refunded", { status: "failed", paid: false }))).toEqual([]);
  const partly = captures(changed("charge.refunded", { amount_captured: 4_000, refunds: null }));
  expect(partly).toMatchObject([{ lines: [{ amountMinor: 4_000 }] }]);
  expect(captures(changed("refund.created", { status: "pending" }))).toEqual([]);
  expect(captures(changed("refund.created", { status: "failed" }))).toEqual([]);
});

test("an order of the checkout, with discount, shipping and tax, in a currency without minor unit", () => {
  expect(captures(raw("checkout.session.completed"))).toMatchObject([
    {
      kind: "order",
      key: "order:cs_live_1@1720000300001",
      at: "2024-07-03T09:50:50.000Z",
      ids: ["pi_77", "cs_live_1", "web-77"],
      state: "paid",
      currency: "JPY",
      lines: [
        { sku: "PAYMENT", amountMinor: 9_000 },
        { sku: "SHIPPING", amountMinor: 300 },
        { sku: "TAX", amountMinor: 900 },
        { sku: "DISCOUNT", amountMinor: -1_000 },
      ],
      flags: [],
      customer: { email: "ken@example.com", givenName: "Ken", familyName: "Ito" },
    },
    { kind: "consent", state: "granted", channel: "email", purpose: "marketing" },
  ]);
  expect(
    captures(changed("checkout.session.completed", { payment_status: "unpaid" }))[0],
  ).toMatchObject({
    state: "placed",
  });
  expect(captures(changed("checkout.session.completed", { mode: "setup" }))).toEqual([]);
});

test.each([
  ["usd", 1_999, 1_999],
  ["jpy", 500, 500],
  ["kwd", 1_230, 1_230],
  // Sent with two digits, although they have none.
  ["isk", 500, 5],
  ["ugx", 12_300, 123],
  // Sent without digits, although it has two.
  ["mga", 50, 5_000],
  ["huf", 1_045, 1_045],
  ["twd", 80_045, 80_045],
])("%s %i is %i minor units (CAP5)", (currency, amount, minor) => {
  const event = changed("refund.created", { currency, amount });
  expect(captures(event)).toMatchObject([{ lines: [{ amountMinor: 0 - minor }] }]);
});

test("customers, and objects of the API", () => {
  const [claim] = captures(raw("customer.updated"));
  expect(claim).toEqual({
    kind: "claim",
    key: "customer:cus_9@2024-07-03T09:50:00.000Z",
    at: "2024-07-03T09:50:00.000Z",
    customer: {
      userId: "cus_9",
      email: "ann@example.com",
      phone: "+441134960000",
      givenName: "Ann Maria",
      familyName: "Poe",
      language: "en-GB",
      address: { line1: "1 High St", city: "Leeds", postalCode: "LS1 4DY", country: "GB" },
    },
  });
  const charge = fixture("charge.refunded").data.object;
  expect(captures({ object: "list", data: [charge, charge] })).toHaveLength(4);
  expect(captures(charge)).toHaveLength(2);
});

test("what was tried out counts where the retailer wants it to, and of other events nothing is kept", () => {
  const event = { ...fixture("charge.refunded"), livemode: false };
  expect(captures(event)).toEqual([]);
  expect(captures(event, { rules: { countTests: true } })).toHaveLength(2);
  for (const type of ["payment_intent.succeeded", "customer.deleted", "refund.failed"]) {
    expect(captures({ ...fixture("charge.refunded"), type })).toEqual([]);
  }
  expect(send(bytesOf({ ...fixture("charge.refunded"), type: "invoice.paid" }))).toEqual({
    ok: false,
    reason: { code: "unknown_topic" },
  });
});

test("CAP5: what was promised and not captured was never paid, so its release is no refund", () => {
  const released = { object: "refund", amount: 2_000, currency: "gbp", status: "succeeded" };
  const refunds = {
    data: [
      { ...released, id: "re_released", balance_transaction: null },
      { ...released, id: "re_paid", amount: 500, balance_transaction: "txn_1" },
    ],
  };
  const charge = changed("charge.refunded", { amount: 5_600, amount_captured: 3_600, refunds });
  expect(captures(charge).map((each) => "lines" in each && sumMinor(each.lines))).toEqual([
    3_600, -500,
  ]);
});

test("amounts that are none are named, and not guessed", () => {
  expect(send(bytesOf(changed("refund.created", { amount: 16.5 })))).toEqual({
    ok: false,
    reason: { code: "bad_field", field: "data.object.amount" },
  });
});

describe("around the message", () => {
  const body = raw("charge.refunded");
  const nowMs = 1_720_000_150_000;
  const sign = (seconds: number, secret = "whsec_x") =>
    toHex(signatureOf(secret, `${seconds}.`, body));
  const check = (header: string | undefined, sent = body) => {
    const headers = header === undefined ? {} : { "stripe-signature": header };
    return verifyStripe({ body: sent, headers, secret: "whsec_x", nowMs })?.code ?? null;
  };
  const at = nowMs / 1_000;

  test("the signature covers time and bytes, and one of several is enough", () => {
    expect(check(`t=${at},v1=${sign(at)}`)).toBeNull();
    expect(check(`t=${at},v1=${sign(at, "old")},v1=${sign(at)},v0=ff`)).toBeNull();
    expect(check(`t=${at},v1=${sign(at, "old")}`)).toBe("bad_signature");
    expect(check(`t=${at},v1=${sign(at)}`, body.subarray(1))).toBe("bad_signature");
    // Another time than the one that was signed.
    expect(check(`t=${at},v1=${sign(at - 1)}`)).toBe("bad_signature");
    expect(check(`t=${at},v0=${sign(at)}`)).toBe("no_signature");
    expect(check(`v1=${sign(at)}`)).toBe("no_signature");
    expect(check(undefined)).toBe("no_signature");
  });

  test("it holds for five minutes either way", () => {
    for (const seconds of [at - 300, at + 300])
      expect(check(`t=${seconds},v1=${sign(seconds)}`)).toBeNull();
    for (const seconds of [at - 301, at + 301]) {
      expect(check(`t=${seconds},v1=${sign(seconds)}`)).toBe("old_signature");
    }
  });

  test("an event has one key", () => {
    expect(deliveryKeyOf({}, body)).toBe("evt_1");
    const object = bytesOf(fixture("charge.refunded").data.object);
    expect(deliveryKeyOf({}, object)).toMatch(/^sha256:[0-9a-f]{40}:charge\.updated$/);
  });
});
