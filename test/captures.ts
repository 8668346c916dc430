/** Captures for property tests: what a few tills record about a few people, in fragments made by the real code. */
import fc from "fast-check";
import { CLOCK_START, stampOf, tick } from "@regulars/shared/clock";
import type { RegularsEvent } from "@regulars/shared/events/event";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { readContribution, recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { clientIdOf, fragmentIdOf, writerOf } from "@regulars/shared/ids";
import { identityKeyOf } from "@regulars/shared/identity/key";

export const KEYS = [
  identityKeyOf("loyalty", "1001", "pepper"),
  identityKeyOf("email", "zoe@example.com", "pepper"),
] as const;
export const WRITERS = [
  { source: "till-1", epoch: 1 },
  { source: "till-1", epoch: 2 },
  { source: "web", epoch: 1 },
] as const;

export type Body = RegularsEvent extends infer One
  ? One extends RegularsEvent
    ? Pick<One, "kind" | "body">
    : never
  : never;

export interface Capture {
  readonly writer: number;
  readonly key: number;
  /** Time since the capture before it. */
  readonly afterMs: number;
  readonly what: Body;
}

export interface Recorded {
  readonly fragment: string;
  readonly event: RegularsEvent;
  readonly update: Uint8Array;
  readonly contribution: Contribution;
}

export function saleOf(receipt: string, totalMinor: number): Extract<Body, { kind: "sale" }> {
  const line = { sku: "85123A", description: "WHITE HANGING HEART", quantity: "1" };
  return {
    kind: "sale",
    body: {
      receipt,
      currency: "GBP",
      lines: [{ ...line, amountMinor: totalMinor }],
      tenders: [],
      totalMinor,
    },
  };
}

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 });
const receiptNumber = fc.integer({ min: 1, max: 20 }).map((n) => `R${n}`);
const minor = fc.integer({ min: -100_000, max: 100_000 });
const claimsArb = fc.record(
  {
    givenName: text,
    email: text,
    birthDate: fc.constantFrom("1980-01-01", "1980-01-10", "1990-02-02"),
    address: fc.record({ city: text, postalCode: text }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const traitsArb = fc.dictionary(
  fc.constantFrom("size", "vip", "ltv", "plan", "7"),
  fc.oneof(
    text,
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
  ),
);
const orderId = fc.constantFrom("4501", "4502", "4503");
const quantity = fc.constantFrom("1", "2", "0.5", "3");
const itemsArb = fc.array(
  fc.record(
    { sku: fc.constantFrom("a", "b", "c"), description: text, quantity, unitPrice: quantity },
    { requiredKeys: ["sku"] },
  ),
  { maxLength: 4 },
);
export const activityArb: fc.Arbitrary<Body> = fc.oneof(
  traitsArb.map((traits): Body => ({ kind: "claim", body: { claims: {}, traits } })),
  fc
    .record(
      {
        type: fc.constantFrom("track", "page", "screen", "group"),
        name: text,
        page: text,
        items: itemsArb,
        properties: fc.dictionary(text, fc.oneof(text, fc.boolean(), fc.constant(null))),
      },
      { requiredKeys: ["type", "name"] },
    )
    .map((body): Body => ({ kind: "behaviour", body })),
  fc
    .record(
      {
        cart: fc.constantFrom("c1", "c2", "c3", "c4", "c5"),
        change: fc.constantFrom("set", "add", "remove", "ordered", "abandoned"),
        items: itemsArb,
        currency: fc.constant("GBP"),
        totalMinor: fc.nat(9_999),
      },
      { requiredKeys: ["cart", "change", "items"] },
    )
    .map((body): Body => ({ kind: "cart", body })),
  fc
    .record(
      {
        order: orderId,
        number: text,
        state: fc.constantFrom("placed", "paid", "fulfilled", "cancelled"),
        currency: fc.constant("GBP"),
        totalMinor: fc.nat(9_999),
        lines: fc.nat(9),
        reason: text,
      },
      { requiredKeys: ["order", "state", "currency", "totalMinor", "lines"] },
    )
    .map((body): Body => ({ kind: "order", body })),
  fc
    .record(
      {
        program: fc.constantFrom("club", "coffee"),
        balancePoints: fc.integer({ min: -50, max: 5_000 }),
        lifetimePoints: fc.nat(9_999),
      },
      { requiredKeys: ["program", "balancePoints"] },
    )
    .map((body): Body => ({ kind: "loyalty", body })),
);
export const bodyArb: fc.Arbitrary<Body> = fc.oneof(
  { weight: 5, arbitrary: activityArb },
  fc.tuple(receiptNumber, minor).map(([receipt, total]) => saleOf(receipt, total)),
  fc.tuple(receiptNumber, minor, orderId).map(([receipt, total, order]): Body => {
    const { body } = saleOf(receipt, total);
    return { kind: "sale", body: { ...body, order, shop: "web-uk" } };
  }),
  fc
    .tuple(receiptNumber, minor)
    .map(([receipt, total]): Body => ({ ...saleOf(receipt, 0 - total), kind: "return" })),
  fc.tuple(receiptNumber, minor).map(([voids, totalMinor]): Body => ({
    kind: "void",
    body: { receipt: "V1", voids, currency: "GBP", totalMinor },
  })),
  claimsArb.map((claims): Body => ({ kind: "claim", body: { claims } })),
  fc
    .record({
      purpose: fc.constantFrom("marketing", "profiling"),
      channel: fc.constantFrom("email", "any"),
      state: fc.constantFrom("granted", "withdrawn"),
    })
    .map((body): Body => ({ kind: "consent", body })),
  text.map((note): Body => ({ kind: "note", body: { text: note } })),
);

/** `minMs` 0 gives many captures in the same millisecond. */
export function capturesArb(minMs: 0 | 1, what = bodyArb): fc.Arbitrary<Capture[]> {
  const capture = fc.record({
    writer: fc.nat(WRITERS.length - 1),
    key: fc.nat(KEYS.length - 1),
    afterMs: fc.integer({ min: minMs, max: 3 }),
    what,
  });
  return fc.array(capture, { minLength: 1, maxLength: 40, size: "max" });
}

/** Records captures one after the other, each writer with its own clock and numbers. */
export function record(captures: readonly Capture[]): Recorded[] {
  const docs = new Map<string, WrittenFragment>();
  const clocks = WRITERS.map(() => CLOCK_START);
  const seqs = WRITERS.map(() => 0);
  let nowMs = 1_700_000_000_000;
  return captures.map((capture) => {
    const { source, epoch } = WRITERS[capture.writer]!;
    const key = KEYS[capture.key]!;
    nowMs += capture.afterMs;
    const clock = (clocks[capture.writer] = tick(clocks[capture.writer]!, nowMs));
    const seq = ++seqs[capture.writer]!;
    const event: RegularsEvent = {
      ...capture.what,
      source,
      epoch,
      seq,
      stamp: stampOf(clock, writerOf(source, epoch)),
      at: new Date(nowMs).toISOString(),
      businessDay: "2023-11-14",
      zone: "Europe/London",
      store: source === "web" ? null : "store-1",
      channel: source === "web" ? "web" : "till",
      subject: [key],
      flags: [],
    };
    const fragment = fragmentIdOf(source, epoch, key);
    const doc = docs.get(fragment) ?? openWritten(null, clientIdOf(source, epoch));
    docs.set(fragment, doc);
    const update = recordEvent(doc, event, key);
    return { fragment, event, update, contribution: readContribution(doc) };
  });
}

/** What each fragment says after its last record. */
export function newestContributions(records: readonly Recorded[]): Contribution[] {
  const byFragment = new Map(records.map((each) => [each.fragment, each.contribution]));
  return [...byFragment.values()];
}
