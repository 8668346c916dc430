/** Drawers, as their books are on all disks at the end: added up here in the plainest way, without the machines' own sums. */
import { canonicalJson, type Json } from "@regulars/shared/digest";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { type Row, textOf } from "@regulars/shared/storage/port";
import { journalOf } from "./journals.ts";
import type { Violation } from "./run.ts";
import type { World } from "./world.ts";

const FIGURES = "a Z report is what the rows of its shift come to";
const NUMBER = "no Z number is given out twice";
const DAY = "what is in a shift is of its day";
const LATE = "what comes for a closed day is late";

export async function drawerViolations(
  { tills }: World,
  centre: readonly RegularsEvent[],
): Promise<Violation[]> {
  const violations: Violation[] = [];
  for (const till of tills) {
    const rows = (await journalOf(till)).map((row) => eventOf(row));
    violations.push(...bookViolations(till.name, rows), ...numberViolations(till.name, rows));
  }
  for (const [source, events] of Map.groupBy(centre, (event) => event.source)) {
    const lives = tills.filter((till) => till.source === source);
    // Two drawers with one journal behind them, or one that has no way to know what it had: each is whole on its own disk.
    if (lives.length > 1 || lives.some((till) => till.hasForgotten())) continue;
    violations.push(
      ...bookViolations("the centre", events),
      ...numberViolations("the centre", events),
    );
  }
  return violations;
}

const eventOf = (row: Row): RegularsEvent => eventSchema.parse(JSON.parse(textOf(row, "body")));

/** As first numbered. */
const placeOf = ({ epoch, seq, resealed }: RegularsEvent): string =>
  `${resealed?.epoch ?? epoch}/${resealed?.seq ?? seq}`;

function bookViolations(where: string, events: readonly RegularsEvent[]): Violation[] {
  const violations: Violation[] = [];
  const shifts = Map.groupBy(events, (event) =>
    event.kind === "open" ? placeOf(event) : (event.shift ?? ""),
  );
  shifts.delete("");
  for (const [shift, own] of shifts) {
    const detail = `${where}: shift ${shift} of ${own[0]?.source}`;
    if (new Set(own.map(({ businessDay }) => businessDay)).size > 1) {
      violations.push({ invariant: DAY, detail });
    }
    for (const each of own) {
      if (each.kind !== "close") continue;
      const [said, found] = [saidBy(each.body), booksOf(own)].map((books) => canonicalJson(books));
      if (said !== found)
        violations.push({ invariant: FIGURES, detail: `${detail}: ${said}, but ${found}` });
    }
  }
  for (const { flags, shift, source, epoch, seq } of events) {
    if (flags.includes("late") && shift !== undefined)
      violations.push({ invariant: LATE, detail: `${where}: ${source}/${epoch}/${seq}` });
  }
  return violations;
}

function numberViolations(where: string, events: readonly RegularsEvent[]): Violation[] {
  const violations: Violation[] = [];
  for (const kind of ["open", "close", "seal"] as const) {
    const seen = new Set<string>();
    for (const event of events) {
      if (event.kind !== kind) continue;
      const number = `${event.source}, ${kind} ${event.body.number}`;
      if (seen.has(number)) violations.push({ invariant: NUMBER, detail: `${where}: ${number}` });
      seen.add(number);
    }
  }
  return violations;
}

type Close = Extract<RegularsEvent, { kind: "close" }>["body"];

const saidBy = ({ figures }: Close): Json => ({
  events: figures.events,
  noSales: figures.noSales,
  money: Object.fromEntries(
    Object.entries(figures.currencies).map(([currency, of]) => [
      currency,
      {
        taken: of.salesMinor + of.returnsMinor + of.voidsMinor + of.adjustmentsMinor,
        cash: (of.tenders.cash ?? 0) + of.floatMinor + of.paidInMinor - of.paidOutMinor,
        card: of.tenders.card ?? 0,
        untendered: of.untenderedMinor,
      },
    ]),
  ),
});

function booksOf(events: readonly RegularsEvent[]): Json {
  const money: Record<string, { taken: number; cash: number; card: number; untendered: number }> =
    {};
  const of = (currency: string) =>
    (money[currency] ??= { taken: 0, cash: 0, card: 0, untendered: 0 });
  let [count, noSales] = [0, 0];
  for (const { kind, body } of events) {
    if (kind === "open") for (const bag of body.float) of(bag.currency).cash += bag.amountMinor;
    if (kind === "drawer") {
      count += 1;
      if (body.action === "no_sale") noSales += 1;
      else
        of(body.currency).cash += body.action === "paid_in" ? body.amountMinor : -body.amountMinor;
    }
    if (kind !== "sale" && kind !== "return" && kind !== "void") continue;
    count += 1;
    const books = of(body.currency);
    books.taken += body.totalMinor;
    books.untendered += body.totalMinor;
    for (const { type, amountMinor } of body.tenders ?? []) {
      if (type === "cash" || type === "card") books[type] += amountMinor;
      books.untendered -= amountMinor;
    }
  }
  return { events: count, noSales, money };
}
