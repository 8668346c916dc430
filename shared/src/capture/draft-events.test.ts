import { describe, expect, test } from "vitest";
import type { ConnectCapture } from "../connect/captures.ts";
import { connectCaptureSchema } from "../connect/captures.ts";
import { identityKeyOf } from "../identity/key.ts";
import { type DraftContext, draftEvents, type DraftInput } from "./draft-events.ts";
import { captureInputSchema } from "./input.ts";
import { readCustomer } from "./read-customer.ts";
import { isShiftInput, type ShiftInput } from "./shift-input.ts";

const OPTIONS = {
  pepper: "pepper-of-the-tests",
  country: "GB",
  today: "2026-06-01",
  realm: "shop",
};
const CONTEXT: DraftContext = {
  nowMs: Date.parse("2026-06-01T12:00:00.000Z"),
  zone: "Europe/London",
  currency: "GBP",
  receipt: "web-uk-1-000001",
  ownClaims: {},
  ownTraits: {},
  voidable: null,
};
const anonymous = identityKeyOf("anonymous", "a-1", OPTIONS.pepper);
const user = identityKeyOf("user", "shop/7", OPTIONS.pepper);

function draftsOf(input: Exclude<DraftInput, ShiftInput>, context: Partial<DraftContext> = {}) {
  const customer = readCustomer(input.customer, input.consents, OPTIONS);
  const drafts = draftEvents(input, customer, { ...CONTEXT, ...context });
  if (!drafts.ok) throw new Error(JSON.stringify(drafts.reason));
  return drafts.value;
}

function tillInput(raw: object) {
  const input = captureInputSchema.parse(raw);
  if (isShiftInput(input)) throw new Error("is of a shift");
  return input;
}

type Draftable = Exclude<ConnectCapture, { kind: "order" | "refund" | "void" | "privacy" }>;
const SAID = { key: "segment:1", at: "2026-05-31T23:30:00.000Z" };
const connect = (capture: object): Draftable => {
  const parsed = connectCaptureSchema.parse({ ...SAID, ...capture });
  switch (parsed.kind) {
    case "order":
    case "refund":
    case "void":
    case "privacy":
      throw new Error("is not drafted as it stands");
    default:
      return parsed;
  }
};

const BODIES: Record<string, object> = {
  behaviour: { type: "track", name: "Product Viewed", items: [{ sku: "A1" }] },
  cart: { cart: "c1", change: "add", items: [{ sku: "A1", quantity: "2" }], totalMinor: 790 },
  loyalty: { program: "club", balancePoints: 1_150, lifetimePoints: 9_000 },
  consent: { purpose: "marketing", channel: "email", state: "granted" },
  note: { text: "Prefers oat milk" },
};

describe("what a connector says becomes the events that a till's captures become", () => {
  test.each(Object.entries(BODIES))(
    "a %s is one event, with nothing but its body",
    (kind, body) => {
      const customer = { anonymousIds: ["a-1"] };
      const drafts = draftsOf(connect({ kind, ...body, customer }));
      expect(drafts).toEqual([
        {
          kind,
          at: SAID.at,
          businessDay: "2026-06-01",
          subject: [anonymous],
          flags: [],
          body,
        },
      ]);
    },
  );

  test("who is known better brings a claim along, once", () => {
    const customer = {
      userId: "7",
      anonymousIds: ["a-1"],
      email: "ada@example.org",
      traits: { plan: "gold", visits: 3, nested: { no: 1 } },
    };
    const input = connect({ kind: "behaviour", ...BODIES["behaviour"], customer });
    const [main, claim, ...more] = draftsOf(input);
    expect(more).toEqual([]);
    expect(main?.subject).toEqual([
      user,
      identityKeyOf("email", "ada@example.org", OPTIONS.pepper),
      anonymous,
    ]);
    expect(claim).toMatchObject({
      kind: "claim",
      flags: ["doubtful_field"],
      body: {
        claims: { email: "ada@example.org" },
        traits: { plan: "gold", visits: 3 },
        doubtful: { traits: '{"nested":{"no":1}}' },
      },
    });
    const stamp = "019e82d815e0-0000-web/1";
    const known = {
      ownClaims: { email: { value: "ada@example.org", stamp, seq: 1 } },
      ownTraits: { plan: { value: "gold", stamp, seq: 1 }, visits: { value: 2, stamp, seq: 1 } },
    };
    const clean = connect({
      kind: "behaviour",
      ...BODIES["behaviour"],
      customer: { ...customer, traits: { plan: "gold", visits: 3 } },
    });
    const [, again] = draftsOf(clean, known);
    expect(again?.body).toEqual({ claims: {}, traits: { visits: 3 } });
    const visits = { value: 3, stamp, seq: 2 };
    const all = { ...known, ownTraits: { ...known.ownTraits, visits } };
    expect(draftsOf(clean, all)).toHaveLength(1);
  });

  test("a claim says all of it, also what is known", () => {
    const customer = { userId: "7", traits: { plan: "gold" } };
    const stamp = "019e82d815e0-0000-web/1";
    const ownTraits = { plan: { value: "gold", stamp, seq: 1 } };
    const [claim, ...more] = draftsOf(connect({ kind: "claim", customer }), { ownTraits });
    expect(claim?.body).toEqual({ claims: {}, traits: { plan: "gold" } });
    expect(more).toEqual([]);
  });

  test("a visit of nobody is told all the same; points of nobody are not", () => {
    for (const kind of ["behaviour", "cart"]) {
      expect(draftsOf(connect({ kind, ...BODIES[kind] }))).toMatchObject([{ kind, subject: [] }]);
    }
    const loyalty = connect({ kind: "loyalty", ...BODIES["loyalty"] });
    const nobody = readCustomer(undefined, undefined, OPTIONS);
    expect(draftEvents(loyalty, nobody, CONTEXT).ok).toBe(false);
  });
});

test("a sale says which order of which shop it pays, at a till as in a shop", () => {
  const lines = [{ sku: "A1", quantity: "1", unitPrice: "7.90" }];
  const paid = { order: "4501", shop: "web-uk" };
  const till = tillInput({ kind: "sale", lines, ...paid });
  const shop = connect({ kind: "sale", lines, currency: "GBP", order: "4501" });
  expect(draftsOf(till)[0].body).toMatchObject({ totalMinor: 790, ...paid });
  const [drafted] = draftsOf(shop);
  expect(drafted.body).toMatchObject({ order: "4501", receipt: CONTEXT.receipt });
  const none = tillInput({ kind: "sale", lines });
  expect(Object.keys(draftsOf(none)[0].body)).not.toContain("order");
  expect(captureInputSchema.safeParse({ kind: "sale", lines, shop: "no store" }).success).toBe(
    false,
  );
});
