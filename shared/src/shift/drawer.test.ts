/** Any day at a drawer, against books that are kept in the plainest way. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Draft } from "../capture/draft.ts";
import { draftEvents } from "../capture/draft-events.ts";
import { captureInputSchema } from "../capture/input.ts";
import { readCustomer } from "../capture/read-customer.ts";
import { type JournalRow, seal, type WriterState } from "../capture/seal.ts";
import { CLOCK_START } from "../clock.ts";
import { chainStart } from "../events/chain.ts";
import { eventSchema, type RegularsEvent } from "../events/event.ts";
import { LIMITS } from "../limits.ts";
import { advance, type Drawer, isCountable, NO_DRAWER } from "./drawer.ts";
import { addToFigures, expectedOf, NO_FIGURES, type ShiftFigures } from "./figures.ts";
import { shiftOf } from "./shift-id.ts";

const SOURCE = "till-1";
const PLACE = { source: SOURCE, store: "store-1", zone: "Europe/London" };
const READ = { pepper: "pepper-of-the-tests", country: "GB", today: "2026-06-03" };
const MONDAY_MS = Date.parse("2026-06-01T07:00:00Z");
const HOUR_MS = 3_600_000;
const DAYS = ["2026-05-31", "2026-06-01", "2026-06-02", "2026-06-03"];
const NOBODY = readCustomer(undefined, undefined, READ);

interface Kept {
  drawer: Drawer;
  writer: WriterState;
  readonly rows: JournalRow[];
}

const open = (): Kept => ({
  drawer: NO_DRAWER,
  writer: { epoch: 1, seq: 0, hash: chainStart(SOURCE, 1), clock: CLOCK_START, receipts: 0 },
  rows: [],
});

/** As a till does it: drafted, sealed, folded. Receipts of this journal can be voided. */
function capture(kept: Kept, raw: object, nowMs: number): boolean {
  const input = captureInputSchema.parse(raw);
  const voids =
    input.kind === "void" ? kept.rows.find(({ event }) => isSale(event, input.voids)) : null;
  const { seq, hash } = kept.writer;
  const drafts = draftEvents(input, NOBODY, {
    nowMs,
    zone: PLACE.zone,
    currency: "GBP",
    receipt: `r${kept.writer.receipts + 1}`,
    ownClaims: {},
    ownTraits: {},
    voidable: voids ? voidableOf(voids.event) : null,
    till: {
      source: SOURCE,
      drawer: kept.drawer,
      ownHeads: seq === 0 ? [] : [{ source: SOURCE, epoch: 1, seq, hash }],
    },
  });
  if (!drafts.ok) return false;
  for (const draft of drafts.value as readonly Draft[]) {
    const sealed = seal(kept.writer, draft, PLACE, nowMs);
    kept.writer = sealed.writer;
    kept.drawer = advance(kept.drawer, sealed.row.event);
    kept.rows.push(sealed.row);
  }
  return true;
}

const isSale = ({ kind, body }: RegularsEvent, receipt: string): boolean =>
  kind === "sale" && body.receipt === receipt;

function voidableOf({ body }: RegularsEvent) {
  if (!("lines" in body) || !("tenders" in body)) throw new Error("is no receipt");
  const { receipt, currency, totalMinor, tenders } = body;
  return { receipt, currency, totalMinor, tenders, subject: [], voided: false };
}

const minor = fc.integer({ min: -900, max: 900 });
const tender = fc.record({
  type: fc.constantFrom("cash", "card", "voucher"),
  amountMinor: minor,
});
const inputArb = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({
        kind: fc.constantFrom("sale", "return"),
        currency: fc.constantFrom("GBP", "GBP", "EUR"),
        amountMinor: minor,
        tenders: fc.array(tender, { maxLength: 2 }),
        businessDay: fc.option(fc.constantFrom(...DAYS), { nil: undefined, freq: 3 }),
      })
      .map(({ amountMinor, ...more }) => ({
        ...more,
        lines: [{ sku: "mug", quantity: "1", amountMinor }],
      })),
  },
  fc.nat(8).map((n) => ({ kind: "void", voids: `r${n}` })),
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { kind: "drawer", action: "paid_in", amountMinor: 30, reason: "change" },
      { kind: "drawer", action: "paid_out", amountMinor: 70, reason: "milk" },
      { kind: "drawer", action: "no_sale", reason: "change" },
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(undefined, ...DAYS).map((businessDay) => ({
      kind: "open",
      businessDay,
      float: [{ currency: "GBP", amountMinor: 5_000 }],
    })),
  },
  minor.map((amountMinor) => ({
    kind: "count",
    counted: [{ type: "cash", currency: "GBP", amountMinor }],
  })),
  { weight: 3, arbitrary: fc.constant({ kind: "close", reason: "unknown" }) },
  fc.constantFrom(...DAYS).map((businessDay) => ({ kind: "seal", businessDay })),
);
const stepsArb = fc.array(fc.tuple(inputArb, fc.constantFrom(0, 1, 9)), {
  minLength: 5,
  maxLength: 40,
  size: "max",
});

function play(steps: readonly (readonly [object, number])[]): RegularsEvent[] {
  const kept = open();
  let nowMs = MONDAY_MS;
  for (const [input, hours] of steps) capture(kept, input, (nowMs += hours * HOUR_MS));
  // What every tier reads them by.
  return kept.rows.map(({ body }) => eventSchema.parse(JSON.parse(body)));
}

/** Cash of a shift in pounds, added up by hand. */
function cashOf(events: readonly RegularsEvent[]): number {
  let minorUnits = 0;
  for (const { kind, body } of events) {
    if (kind === "open") for (const { amountMinor } of body.float) minorUnits += amountMinor;
    if (kind === "drawer")
      minorUnits += body.action === "paid_out" ? -body.amountMinor : body.amountMinor;
    const isInPounds = "currency" in body && body.currency === "GBP" && "tenders" in body;
    if (!isInPounds) continue;
    for (const { type, amountMinor } of body.tenders ?? []) {
      if (type === "cash") minorUnits += amountMinor;
    }
  }
  return minorUnits;
}

/** How many shifts were closed. */
function expectReports(events: readonly RegularsEvent[]): number {
  let closes = 0;
  const opened = events.flatMap(({ kind, body }) => (kind === "open" ? [body.number] : []));
  expect(opened).toEqual(opened.map((_, at) => at + 1));
  for (const { kind, body, shift } of events) {
    if (kind !== "close") continue;
    const own = events.filter((event) => shiftOf(event) === shift);
    expect(own.at(-1)?.kind, "nothing after it").toBe("close");
    const counts = own.filter((each) => "receipt" in each.body || each.kind === "drawer");
    expect(body.figures.events).toBe(counts.length);
    expect(expectedOf(body.figures, "cash", "GBP")).toBe(cashOf(own));
    for (const { expectedMinor, countedMinor, differenceMinor } of body.compared) {
      expect(expectedMinor).toBe(cashOf(own));
      expect(differenceMinor).toBe(countedMinor - expectedMinor);
    }
    closes += 1;
  }
  return closes;
}

test("REC1: a Z report is what the rows of its shift come to, whatever came in between, and its number is the next", () => {
  let closes = 0;
  fc.assert(fc.property(stepsArb, (steps) => void (closes += expectReports(play(steps)))));
  expect(closes).toBeGreaterThan(50);
});

/** How much was late. */
function expectPlaces(events: readonly RegularsEvent[]): number {
  let late = 0;
  let current: { day: string; id: string } | null = null;
  const closed = new Set<string>();
  for (const event of events) {
    const { kind, businessDay, shift, flags } = event;
    if (kind === "open") current = { day: businessDay, id: `1/${event.seq}` };
    expect(shift === undefined ? current : { day: businessDay, id: shift }).toEqual(current);
    const isOfNow: boolean = current?.day === businessDay;
    const isReceipt = "receipt" in event.body;
    const isLate = isReceipt && closed.has(businessDay) && !isOfNow;
    expect(flags.includes("late")).toBe(isLate);
    expect(shift !== undefined).toBe(isReceipt ? isOfNow : shift !== undefined);
    if (isLate) late += 1;
    if (kind === "close" || kind === "seal") closed.add(businessDay);
    if (kind === "close") current = null;
  }
  return late;
}

test("REC1: what is in a shift is of its day; money of a day that is closed is late and in no shift", () => {
  let late = 0;
  fc.assert(fc.property(stepsArb, (steps) => void (late += expectPlaces(play(steps)))));
  expect(late).toBeGreaterThan(50);
});

const foldOf = (events: readonly RegularsEvent[]): ShiftFigures =>
  events.reduce((sum, event) => addToFigures(sum, event), NO_FIGURES);

const paidIn = (currency: string, amountMinor: number): RegularsEvent =>
  ({ kind: "drawer", body: { action: "paid_in", currency, amountMinor, reason: "x" } }) as RegularsEvent; // prettier-ignore

test("REC1: figures do not depend on the order in which rows are folded", () => {
  fc.assert(
    fc.property(stepsArb, fc.gen(), (steps, draw) => {
      const events = play(steps);
      const shuffled = draw(fc.shuffledSubarray, events, { minLength: events.length });
      expect(foldOf(shuffled)).toEqual(foldOf(events));
    }),
  );
});

const figuresOf = (currencies: readonly string[], minorUnits: number): ShiftFigures =>
  foldOf(currencies.map((currency) => paidIn(currency, minorUnits)));

test("SYN10 REC1: figures that would not be exact, or fit no event, are known before they are written", () => {
  expect(isCountable(figuresOf(["GBP"], LIMITS.countableMinor))).toBe(true);
  expect(isCountable(figuresOf(["GBP", "GBP"], LIMITS.countableMinor))).toBe(false);
  const many = Array.from(
    { length: LIMITS.figuresCurrencies + 1 },
    (_, at) =>
      `A${String.fromCharCode(65 + (at % 26))}${String.fromCharCode(65 + Math.floor(at / 26))}`,
  );
  expect(isCountable(figuresOf(many.slice(1), 1))).toBe(true);
  expect(isCountable(figuresOf(many, 1))).toBe(false);
});
