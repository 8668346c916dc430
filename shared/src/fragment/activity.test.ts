/** Behaviour, carts, orders, points and traits in a fragment: what is remembered, and how much. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { type Body, KEYS, record, saleOf, WRITERS } from "../../../test/captures.ts";
import { documentState, openDocument } from "./document.ts";
import { readContribution, recordEvent } from "./fragment.ts";
import { openWritten } from "./written.ts";

const [writer] = WRITERS;
const [key] = KEYS;
const [{ event: sample }] = record([{ writer: 0, key: 0, afterMs: 1, what: saleOf("R", 1) }]) as [
  ReturnType<typeof record>[number],
];

/** One writer's fragment after these, each a second after the other. */
function fragmentAfter(bodies: readonly Body[]) {
  const doc = openWritten(null, clientIdOf(writer.source, writer.epoch));
  bodies.forEach((what, at) => {
    const stamp = `${(0x18bcfe56800 + at).toString(16).padStart(12, "0")}-0000-till-1/1`;
    recordEvent(doc, { ...sample, ...what, seq: at + 1, stamp }, key);
  });
  return { doc, said: readContribution(doc) };
}

const claim = (traits: Record<string, string | number | boolean>): Body => ({
  kind: "claim",
  body: { claims: {}, traits },
});
type CartBody = Extract<Body, { kind: "cart" }>["body"];
const cart = (change: CartBody["change"], items: CartBody["items"], more = {}): Body => ({
  kind: "cart",
  body: { cart: "c1", change, items, ...more },
});
const order = (id: string, state: "placed" | "paid" = "placed"): Body => ({
  kind: "order",
  body: { order: id, state, currency: "GBP", totalMinor: 100, lines: 1, reason: "no" },
});

const cartAfter = (...bodies: Body[]) => {
  const [found, ...more] = Object.values(fragmentAfter(bodies).said.carts);
  expect(more).toEqual([]);
  return found;
};
const behaviour = (n: number): Body => ({
  kind: "behaviour",
  body: { type: "page", name: `p${n}` },
});
const byNumber = (a: number, b: number): number => a - b;
const idsOf = (ids: readonly string[]) => ids.map((id) => Number(id.slice(1))).toSorted(byNumber);
const wide = (length: number) => "€".repeat(length);
const times = <Value>(count: number, value: Value): Value[] =>
  Array.from({ length: count }, () => value);

describe("a cart holds what its events come to", () => {
  const tea = { sku: "tea", quantity: "2", unitPrice: "3.95" };

  test("all of it, or what was put in and taken out", () => {
    const filled = [cart("set", [tea, { sku: "mug" }]), cart("add", [{ sku: "tea" }])];
    expect(cartAfter(...filled)).toMatchObject({
      state: "open",
      lines: 2,
      items: [{ sku: "mug" }, { ...tea, quantity: "3" }],
    });
    const emptied = [...filled, cart("remove", [{ sku: "mug" }, { sku: "tea", quantity: "0.5" }])];
    expect(cartAfter(...emptied)?.items).toEqual([{ ...tea, quantity: "2.5" }]);
    const over = [...emptied, cart("remove", [{ sku: "tea", quantity: "9" }, { sku: "none" }])];
    expect(cartAfter(...over)).toMatchObject({ items: [], lines: 0, state: "open" });
    expect(cartAfter(...over, cart("set", [tea]))?.items).toEqual([tea]);
  });

  test("left behind with what lay in it, and ordered without", () => {
    const worth = { currency: "GBP", totalMinor: 790 };
    const set = cart("set", [tea], worth);
    expect(cartAfter(set, cart("abandoned", []))).toMatchObject({
      state: "abandoned",
      items: [tea],
      ...worth,
    });
    expect(cartAfter(set, cart("add", [tea]))).not.toHaveProperty("totalMinor");
    const ordered = cartAfter(set, cart("ordered", [tea], worth));
    expect(ordered).toMatchObject({ state: "ordered", items: [], lines: 0 });
  });

  test("SYN10: the newest items of a long one, and how many there are", () => {
    const many = Array.from({ length: LIMITS.cartItems }, (_, n) => ({ sku: `s${n}` }));
    const long = cartAfter(cart("set", many), cart("add", [{ sku: "last" }]));
    expect(long?.items).toHaveLength(LIMITS.recentCartItems);
    expect(long?.items.at(-1)).toEqual({ sku: "last" });
    expect(long?.lines).toBe(LIMITS.cartItems + 1);
  });

  test("a quantity too long to be added up is the newest one", () => {
    const huge = { sku: "a", quantity: "9".repeat(30) };
    expect(
      cartAfter(cart("set", [huge]), cart("add", [{ sku: "a", quantity: "0.01" }]))?.items,
    ).toEqual([{ sku: "a", quantity: "0.01" }]);
  });
});

test("an order is remembered once, as it stood last, and points by program", () => {
  const { said } = fragmentAfter([
    order("1"),
    order("2"),
    order("1", "paid"),
    { kind: "loyalty", body: { program: "club", balancePoints: 5 } },
    { kind: "loyalty", body: { program: "club", balancePoints: 7 } },
  ]);
  expect(
    Object.entries(said.orders).map(([seq, { order: id, state }]) => [seq, id, state]),
  ).toEqual([
    ["2", "2", "placed"],
    ["3", "1", "paid"],
  ]);
  expect(said.loyalty).toMatchObject({ club: { balancePoints: 7, seq: 5 } });
  expect(JSON.stringify(said.orders)).not.toContain("reason");
});

describe("SYN10: every section is bounded, by the newest", () => {
  const numbers = Array.from({ length: 150 }, (_, n) => n);

  test("behaviours, carts, orders, programs", () => {
    const { said } = fragmentAfter(
      numbers.flatMap((n): Body[] => [
        behaviour(n),
        { kind: "cart", body: { cart: `c${n}`, change: "set", items: [] } },
        order(`o${n}`),
        { kind: "loyalty", body: { program: `l${n}`, balancePoints: n } },
      ]),
    );
    const last = (max: number) => numbers.slice(-max).toSorted(byNumber);
    const { behaviours, carts, orders, loyalty } = said;
    expect(idsOf(Object.values(behaviours).map(({ name }) => name))).toEqual(
      last(LIMITS.recentBehaviours),
    );
    expect(idsOf(Object.values(carts).map((each) => each.cart))).toEqual(last(LIMITS.recentCarts));
    expect(idsOf(Object.values(orders).map((each) => each.order))).toEqual(
      last(LIMITS.recentOrders),
    );
    expect(idsOf(Object.keys(loyalty))).toEqual(last(LIMITS.loyaltyPrograms));
  });

  test("traits, by number and by all their characters; said again is newer", () => {
    const later = Array.from({ length: 11 }, (_, n) => 150 + n);
    const { said } = fragmentAfter([
      ...numbers.map((n) => claim({ [`t${n}`]: n })),
      claim({ t60: "again" }),
      ...later.map((n) => claim({ [`t${n}`]: n })),
    ]);
    const kept = [...numbers, ...later].filter((n) => n === 60 || n > 61);
    expect(kept).toHaveLength(LIMITS.traits);
    expect(Object.keys(said.traits).toSorted()).toEqual(kept.map((n) => `t${n}`).toSorted());
    const long = fragmentAfter(numbers.map((n) => claim({ [`t${n}`]: "x".repeat(500) }))).said;
    const chars = Object.entries(long.traits)
      .map(([name, { value }]) => `${name}${value}`)
      .join("");
    expect(chars.length).toBeLessThanOrEqual(LIMITS.traitsChars);
    expect(chars.length).toBeGreaterThan(LIMITS.traitsChars - 600);
    expect(Object.keys(long.traits)).toContain("t149");
  });

  test("the largest content of every kind together stays under fragmentBytes", () => {
    const item = {
      sku: wide(64),
      description: wide(LIMITS.fieldChars),
      quantity: "1".repeat(30),
      unitPrice: "1".repeat(30),
    };
    const field = wide(LIMITS.fieldChars);
    const address = { line1: field, line2: field, city: field, region: field };
    const text = { givenName: field, familyName: field, email: field, phone: field };
    const claims = { ...text, address, loyaltyNumber: field, country: field };
    const line = { ...item, quantity: "1", unitPrice: "1", amountMinor: 1 };
    const bodiesAt = (n: number): Body[] => [
      { kind: "note", body: { text: wide(LIMITS.noteChars), staff: wide(64) } },
      {
        kind: "sale",
        body: { ...saleOf("R", 1).body, lines: [line, line, line], order: wide(128) },
      },
      {
        kind: "claim",
        body: {
          claims,
          traits: Object.fromEntries(
            numbers.slice(0, 20).map((m) => [wide(90) + String(n * 20 + m), wide(300)]),
          ),
        },
      },
      {
        kind: "behaviour",
        body: { type: "track", name: wide(200), page: field, items: times(20, item) },
      },
      {
        kind: "cart",
        body: { cart: wide(127) + String(n % 10), change: "set", items: times(100, item) },
      },
      {
        kind: "order",
        body: {
          order: wide(126) + String(n),
          number: wide(64),
          state: "paid",
          currency: "GBP",
          totalMinor: 1,
          lines: 1,
          reason: wide(200),
        },
      },
      { kind: "loyalty", body: { program: wide(62) + String(n), balancePoints: 1 } },
    ];
    const { doc, said } = fragmentAfter(numbers.slice(0, 30).flatMap(bodiesAt));
    expect(Object.keys(said.notes)).toHaveLength(LIMITS.recentNotes);
    const bytes = doc.state().length;
    expect(bytes).toBeLessThan(LIMITS.fragmentBytes);
    expect(bytes).toBeGreaterThan(LIMITS.fragmentBytes / 2);
  });
});

test("FRG3: what was pushed out is not in the bytes", () => {
  const { doc } = fragmentAfter([
    claim({ secret: "first-trait" }),
    claim({ secret: "second" }),
    cart("set", [{ sku: "first-item" }]),
    cart("ordered", []),
    ...Array.from({ length: LIMITS.recentBehaviours + 1 }, (_, n): Body => ({
      kind: "behaviour",
      body: { type: "page", name: n === 0 ? "first-page" : "later" },
    })),
  ]);
  const text = Buffer.from(doc.state()).toString("latin1");
  expect(text).toContain("second");
  for (const secret of ["first-trait", "first-item", "first-page"]) {
    expect(text).not.toContain(secret);
  }
});

const traitsWith = (name: string) => {
  const doc = openDocument(fragmentAfter([claim({ plan: "gold" })]).doc.state());
  doc.getArray("entries").push([["traits", name, { value: 1, stamp: sample.stamp, seq: 1 }]]);
  return Object.keys(readContribution(openDocument(documentState(doc))).traits);
};

test("FRG2: a trait by a name that every object has is no trait", () => {
  for (const name of ["constructor", "toString"]) expect(() => traitsWith(name)).toThrow(Error);
  expect(traitsWith("__proto__")).toEqual(["plan"]);
});

test("SYN9: a fragment of a writer of schema 3 says nothing of all this", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), (sales) => {
      const bodies = Array.from({ length: sales }, (_, n) => saleOf(`R${n}`, 1));
      const { traits, behaviours, carts, orders, loyalty } = fragmentAfter(bodies).said;
      expect([traits, behaviours, carts, orders, loyalty]).toEqual([{}, {}, {}, {}, {}]);
    }),
  );
});
