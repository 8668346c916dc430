import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capturesArb, record, saleOf } from "../../../test/captures.ts";
import { LIMITS } from "../limits.ts";
import { chainHash, chainStart } from "./chain.ts";
import { eventSchema, moneyOf, receiptOf } from "./event.ts";

const [{ event: sale }] = record([{ writer: 0, key: 0, afterMs: 1, what: saleOf("R1", 1250) }]) as [
  ReturnType<typeof record>[number],
];

test("SYN9: an event of each kind is read back from the bytes of its till", () => {
  fc.assert(
    fc.property(capturesArb(0), (captures) => {
      for (const { event } of record(captures)) {
        expect(eventSchema.parse(JSON.parse(JSON.stringify(event)))).toEqual(event);
      }
    }),
  );
});

test("SYN9: fields and flags of a newer till do not make an event unreadable", () => {
  const newer = {
    ...sale,
    flags: ["a_flag_of_2030"],
    mood: "good",
    body: { ...sale.body, hue: 1 },
  };
  expect(eventSchema.parse(newer)).toEqual({ ...sale, flags: ["a_flag_of_2030"] });
});

describe("an event with a wrong part is no event", () => {
  test.each<[string, object]>([
    ["an unknown kind", { kind: "gift" }],
    ["a fraction of a minor unit", { body: { ...sale.body, totalMinor: 12.5 } }],
    ["a currency in lower case", { body: { ...sale.body, currency: "gbp" } }],
    ["a local time", { at: "2026-01-01T00:00:00" }],
    ["a time with an offset", { at: "2026-01-01T00:00:00+01:00" }],
    ["a business day that does not exist", { businessDay: "2026-02-30" }],
    ["seq 0", { seq: 0 }],
    ["a stamp of another form", { stamp: "now" }],
    ["a subject in clear text", { subject: ["email:zoe@example.com"] }],
    ["too many subjects", { subject: Array(LIMITS.subjectKeys + 1).fill(sale.subject[0]) }],
    ["no store at all", { store: undefined }],
  ])("CAP5, SYN10: %s", (_what, part) => {
    expect(eventSchema.safeParse(sale).success).toBe(true);
    expect(eventSchema.safeParse({ ...sale, ...part }).success).toBe(false);
  });
});

describe("an event of shop or app with a wrong part is no event", () => {
  const many = Object.fromEntries(
    Array.from({ length: LIMITS.traits + 1 }, (_, n) => [`t${n}`, n]),
  );
  const named = JSON.parse('{"constructor":"x"}') as object;
  const items = [{ sku: "a" }];
  test.each<[string, string, object]>([
    ["a trait that is a list", "claim", { claims: {}, traits: { a: [1] } }],
    ["a trait by a name that every object has", "claim", { claims: {}, traits: named }],
    ["a trait without a name", "claim", { claims: {}, traits: { "": 1 } }],
    ["too long a trait", "claim", { claims: {}, traits: { a: "x".repeat(LIMITS.fieldChars + 1) } }],
    ["too many traits", "claim", { claims: {}, traits: many }],
    ["a behaviour without a name", "behaviour", { type: "track", name: "" }],
    ["a behaviour of another type", "behaviour", { type: "dream", name: "a" }],
    ["a cart changed in another way", "cart", { cart: "c", change: "stolen", items }],
    [
      "a cart with too much in it",
      "cart",
      { cart: "c", change: "set", items: Array(101).fill(items[0]) },
    ],
    [
      "an order in another state",
      "order",
      { order: "1", state: "lost", currency: "GBP", totalMinor: 1, lines: 1 },
    ],
    ["half a point", "loyalty", { program: "club", balancePoints: 0.5 }],
    [
      "a program by a name that every object has",
      "loyalty",
      { program: "valueOf", balancePoints: 1 },
    ],
    ["a sale of an order of no shop", "sale", { ...sale.body, order: "1", shop: "A shop" }],
    ["a sale of too long an order", "sale", { ...sale.body, order: "x".repeat(129) }],
  ])("CAP5, SYN10: %s", (_what, kind, body) => {
    expect(eventSchema.safeParse({ ...sale, kind, body }).success).toBe(false);
  });
});

test("money moves in sale, return, void and adjustment only", () => {
  fc.assert(
    fc.property(capturesArb(0), (captures) => {
      for (const { event } of record(captures)) {
        const moves = ["sale", "return", "void", "adjustment"].includes(event.kind);
        expect(moneyOf(event) !== null).toBe(moves);
        expect(receiptOf(event) !== null).toBe(moves);
      }
    }),
  );
});

const headOf = (start: string, bodies: readonly string[]) => bodies.reduce(chainHash, start);

describe("SYN1: the chain of a journal", () => {
  const bodiesArb = fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 8 });
  const start = chainStart("till-1", 1);

  test("any change, loss, repetition or exchange of rows shows at its head", () => {
    fc.assert(
      fc.property(bodiesArb, bodiesArb, (bodies, others) => {
        const same = JSON.stringify(bodies) === JSON.stringify(others);
        expect(headOf(start, bodies) === headOf(start, others)).toBe(same);
        expect(headOf(start, bodies.slice(1))).not.toBe(headOf(start, bodies));
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), fc.nat(), (bodies, n) => {
        const at = n % (bodies.length - 1);
        const exchanged = bodies.with(at, bodies[at + 1]!).with(at + 1, bodies[at]!);
        expect(headOf(start, exchanged)).not.toBe(headOf(start, bodies));
      }),
    );
  });

  test("each writer's begins elsewhere", () => {
    const starts = [chainStart("till-1", 1), chainStart("till-1", 2), chainStart("till-2", 1)];
    expect(new Set(starts).size).toBe(3);
  });

  test("frozen: journals in the field are checked with these values", () => {
    expect(start).toMatchInlineSnapshot(
      `"29a047109fd96ffb2926ef652dd93bd1c9bd33d16c00ee7a9a617eaf81eb211a"`,
    );
    expect(chainHash(start, '{"kind":"sale"}')).toMatchInlineSnapshot(
      `"ec5b086ae19523880e52a62a96a61f427fa448dfa2b2effcd941ca872c1ef5de"`,
    );
  });
});
