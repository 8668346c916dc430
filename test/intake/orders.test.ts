import fc from "fast-check";
import { expect, test } from "vitest";
import {
  newBook,
  type OrderBook,
  type OrderEffect,
  orderNameOf,
  type Refund,
  type Said,
} from "../../edge/src/intake/order-book.ts";
import { type Decided, takeOrder, tellOrder, tellRefund } from "../../edge/src/intake/orders.ts";

const AT = "2026-03-01T10:00:00.000Z";
const money = (minor: number, currency = "GBP") => ({
  at: AT,
  currency,
  lines: [{ sku: "A", quantity: "1", amountMinor: minor }],
  tenders: [],
  totalMinor: minor,
  flags: [],
});
const said = (
  account: string,
  trust: number,
  revision: number,
  more: Partial<Said> = {},
): Said => ({
  ...money(1000),
  account,
  trust,
  revision,
  state: "paid",
  subject: ["email:a"],
  ...more,
});
const refund = (account: string, trust: number, name: string, minor: number): Refund => ({
  ...money(-minor),
  account,
  trust,
  refund: name,
});

type Word = (book: OrderBook) => Decided;

function tell(words: readonly Word[], from = newBook("1001")) {
  let book = from;
  const effects: OrderEffect[] = [];
  for (const word of words) {
    const decided = word(book);
    // As it is stored between two rounds.
    book = JSON.parse(JSON.stringify(decided.book)) as OrderBook;
    effects.push(...decided.effects);
  }
  return { book, effects };
}

const orders = (...all: Said[]): Word[] => all.map((each) => (book) => tellOrder(book, each));
const kindsOf = (effects: readonly OrderEffect[]): string[] => effects.map(({ kind }) => kind);

function netOf(effects: readonly OrderEffect[]): number {
  return effects.reduce((net, effect) => {
    if (effect.kind === "sale") return net + effect.sale.totalMinor;
    if (effect.kind === "return") return net + effect.standing.totalMinor;
    return effect.kind === "void" ? net - effect.of.totalMinor : net;
  }, 0);
}

/** By receipt and account, as the journals have it: each is told once, and taken back at most once. */
function standingOf(effects: readonly OrderEffect[]): string[] {
  const standing = new Set<string>();
  for (const effect of effects) {
    if (effect.kind === "order") continue;
    const receipt =
      effect.kind === "void" ? effect.of : effect.kind === "sale" ? effect.sale : effect.standing;
    const name = `${receipt.account} ${receipt.receipt}`;
    expect(standing.has(name)).toBe(effect.kind === "void");
    if (effect.kind === "void") standing.delete(name);
    else standing.add(name);
  }
  return [...standing];
}

test("ING2: an order that is placed is no sale, paid it is one, told again it is the same", () => {
  const { book, effects } = tell(
    orders(
      said("shop", 5, 1, { state: "placed" }),
      said("shop", 5, 2),
      said("shop", 5, 2),
      said("shop", 5, 1, { state: "placed" }),
      said("shop", 5, 3, { state: "fulfilled" }),
    ),
  );
  expect(kindsOf(effects)).toEqual(["order", "sale", "order", "order"]);
  expect(book.sale).toMatchObject({ receipt: "1001", totalMinor: 1000 });
});

test("ING2: other lines are a void and a sale with the next number; a cancelled order is no sale", () => {
  const { book, effects } = tell(
    orders(
      said("shop", 5, 1),
      said("shop", 5, 2, money(700)),
      said("shop", 5, 3, { state: "cancelled" }),
    ),
  );
  expect(kindsOf(effects)).toEqual(["sale", "order", "void", "sale", "void", "order"]);
  expect(effects.flatMap((each) => (each.kind === "sale" ? each.sale.receipt : []))).toEqual([
    "1001",
    "1001/2",
  ]);
  expect([book.sale, netOf(effects)]).toEqual([null, 0]);
});

test("ING2: who is trusted less changes no money; who is trusted more takes over", () => {
  const less = tell(orders(said("shop", 5, 1), said("events", 2, 9, money(1))));
  expect(kindsOf(less.effects)).toEqual(["sale", "order"]);
  const more = tell(orders(said("events", 2, 9, money(1)), said("shop", 5, 1)));
  expect(kindsOf(more.effects)).toEqual(["sale", "order", "void", "sale", "order"]);
  expect(more.effects[2]).toMatchObject({ of: { account: "events", subject: ["email:a"] } });
  expect(more.book.sale).toMatchObject({ account: "shop", totalMinor: 1000 });
});

test("ING2: of two that are trusted the same, the first stays", () => {
  const { effects, book } = tell(
    orders(said("a", 5, 1), said("b", 5, 2, money(1)), said("a", 5, 3)),
  );
  expect(kindsOf(effects)).toEqual(["sale", "order"]);
  expect(book.sale).toMatchObject({ account: "a" });
});

test("ING2: a refund goes back in the journal of the sale, once, whoever tells of it as well", () => {
  const { effects } = tell([
    ...orders(said("shop", 5, 1)),
    (book) => tellRefund(book, refund("shop", 5, "r1", 300)),
    (book) => tellRefund(book, refund("shop", 5, "r1", 300)),
    (book) => tellRefund(book, refund("events", 2, "order-refunded", 300)),
  ]);
  expect(kindsOf(effects)).toEqual(["sale", "order", "return"]);
  expect(effects[2]).toMatchObject({ original: "1001", standing: { account: "shop" } });
  expect(netOf(effects)).toBe(700);
});

test("ING2: a till's sale pays an order for good", () => {
  const { effects, book } = tell([
    ...orders(said("shop", 5, 1)),
    (each) => takeOrder(each, "till-1/1/7"),
    ...orders(said("shop", 5, 2, money(400))),
    (each) => takeOrder(each, "till-2/1/7"),
  ]);
  expect(kindsOf(effects)).toEqual(["sale", "order", "void"]);
  expect(book).toMatchObject({ till: "till-1/1/7", sale: null });
});

test("a sale without a customer is told anew when its customer is known", () => {
  const { effects } = tell(orders(said("shop", 5, 1, { subject: [] }), said("shop", 5, 2)));
  expect(kindsOf(effects)).toEqual(["sale", "order", "void", "sale"]);
  expect(netOf(effects)).toBe(1000);
});

test("names of an order are compared without the sign before them", () => {
  expect(["#1001", " 1001 ", "##1001", "gid://A/b", "#"].map(orderNameOf)).toEqual([
    "1001",
    "1001",
    "1001",
    "gid://A/b",
    "#",
  ]);
});

const ACCOUNTS = [
  { account: "shop", trust: 7 },
  { account: "payments", trust: 5 },
  { account: "events", trust: 2 },
] as const;

const wordsArbitrary = fc
  .record({
    revisions: fc.array(
      fc.record({
        by: fc.constantFrom(...ACCOUNTS),
        state: fc.constantFrom("placed", "paid", "fulfilled", "cancelled"),
        minor: fc.integer({ min: 0, max: 4 }),
        known: fc.boolean(),
      }),
      { maxLength: 8 },
    ),
    refunds: fc.array(
      fc.record({ by: fc.constantFrom(...ACCOUNTS), minor: fc.integer({ min: 1, max: 9 }) }),
      { maxLength: 4 },
    ),
    isTaken: fc.boolean(),
  })
  .chain(({ revisions, refunds, isTaken }) => {
    const told = revisions.map(({ by, state, minor, known }, at) =>
      said(by.account, by.trust, at + 1, {
        ...money(minor),
        state,
        subject: known ? ["email:a"] : [],
      }),
    );
    const given = refunds.map(({ by, minor }, at) => refund(by.account, by.trust, `r${at}`, minor));
    const words: Word[] = [
      ...orders(...told),
      ...given.map(
        (each): Word =>
          (book) =>
            tellRefund(book, each),
      ),
      ...(isTaken ? [(book: OrderBook) => takeOrder(book, "till")] : []),
    ];
    const anyOrder = fc.shuffledSubarray([...words, ...words], {
      minLength: words.length * 2,
      maxLength: words.length * 2,
    });
    return fc.record({
      told: fc.constant(told),
      given: fc.constant(given),
      isTaken: fc.constant(isTaken),
      words: anyOrder,
    });
  });

/** Worked out from the whole set, in no way that the book has. */
function expectedNet(told: readonly Said[], given: readonly Refund[], isTaken: boolean): number {
  if (isTaken) return 0;
  for (const { account } of ACCOUNTS) {
    const last = told.findLast((each) => each.account === account);
    if (!last || last.state === "placed") continue;
    if (last.state === "cancelled") return 0;
    const teller = ACCOUNTS.find((each) => given.some((one) => one.account === each.account));
    const back = given.filter((each) => each.account === teller?.account);
    return back.reduce((sum, { totalMinor }) => sum + totalMinor, last.totalMinor);
  }
  return 0;
}

test("ING2: any order and repetition of all words ends with the money of the most trusted, and one sale at most", () => {
  fc.assert(
    fc.property(wordsArbitrary, ({ told, given, isTaken, words }) => {
      const { book, effects } = tell(words);
      expect(netOf(effects)).toBe(expectedNet(told, given, isTaken));
      const standing = standingOf(effects);
      expect(standing).toHaveLength((book.sale ? 1 : 0) + book.returns.length);
    }),
    { numRuns: 2_000 },
  );
});
