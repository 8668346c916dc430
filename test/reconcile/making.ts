/** What a store-day is made of while it is made: rows, what they come to, and what is expected of head office. */
import type { Statement } from "@regulars/shared/storage/port";
import type { ArrivedFragment } from "../../central/src/intake/source-record.ts";
import type { Random } from "../simulate/random.ts";
import type { Deck, Expected, Plant } from "./plants.ts";
import type { Captured, Item, Till } from "./till.ts";

export const CURRENCY = "GBP";
export const DAY_MS = 86_400_000;

export interface Line {
  readonly businessDay: string;
  readonly reference: string;
  readonly amountMinor: number;
}

export interface StoreDayMade {
  readonly store: string;
  readonly businessDay: string;
  readonly items: readonly Item[];
  readonly fragments: readonly ArrivedFragment[];
  readonly lines: readonly Line[];
  readonly expected: readonly Expected[];
  /** Done to the database once all is in; the days that they concern are to be marked. */
  readonly after: readonly Statement[];
  /** Forks, delivered when all the rest is. */
  readonly forks: readonly Item[];
  readonly repairs: readonly Repair[];
}

/** What makes an expected exception go again. */
export interface Repair {
  readonly expected: Expected;
  readonly statements: readonly Statement[];
  /** Delivered anew by the edge. */
  readonly items?: readonly Item[];
}

export interface Sums {
  events: number;
  sales: number;
  netMinor: number;
  cashMinor: number;
}

export interface StoreOptions {
  readonly store: string;
  readonly days: number;
  readonly rowsPerDay: number;
  readonly random: Random;
  readonly settles: boolean;
  readonly hasTrend: boolean;
  /** Every so many sales are somebody's. */
  readonly somebodyEvery?: number;
  /** Customers of the store, who come again; each sale is another's where it is not said. */
  readonly customers?: number;
  /** In place of those that are drawn. */
  readonly plants?: readonly Plant[];
  readonly deck?: Deck;
  /** A till begins a new epoch in the middle of each shift. */
  readonly rolls?: boolean;
}

export interface StoreState extends StoreOptions {
  readonly tills: readonly Till[];
  readonly sums: Map<string, Sums>;
  owedLate: { plant: Plant; businessDay: string }[];
  closes: number;
  files: number;
  /** A sale that somebody may bring back. */
  yesterday: { receipt: string; totalMinor: number } | null;
}

/** Everything of a day that is being made. */
export interface Making {
  readonly state: StoreState;
  readonly businessDay: string;
  readonly startMs: number;
  readonly items: Item[];
  readonly fragments: ArrivedFragment[];
  readonly lines: Line[];
  readonly expected: Expected[];
  readonly after: Statement[];
  readonly forks: Item[];
  readonly repairs: Repair[];
}

export function take(making: Making, captured: Captured): Captured {
  making.items.push(captured.item);
  const { event } = captured;
  const of = making.state.sums.get(event.businessDay) ?? {
    events: 0,
    sales: 0,
    netMinor: 0,
    cashMinor: 0,
  };
  of.events += 1;
  if ("totalMinor" in event.body && event.kind !== "order" && event.kind !== "cart") {
    if (event.kind === "sale") of.sales += 1;
    of.netMinor += event.body.totalMinor ?? 0;
  }
  if ("tenders" in event.body) {
    for (const { type, amountMinor } of event.body.tenders ?? [])
      if (type === "cash") of.cashMinor += amountMinor;
  }
  making.state.sums.set(event.businessDay, of);
  return captured;
}

export interface SaleOptions {
  readonly totalMinor: number;
  readonly tenders: readonly object[];
  readonly flags?: readonly string[];
  readonly subject?: readonly string[];
  readonly receipt?: string;
  readonly kind?: "sale" | "return";
  readonly more?: object;
  readonly resealed?: { epoch: number; seq: number };
  readonly businessDay?: string;
  readonly isLate?: boolean;
}

export function sell(making: Making, till: Till, atMs: number, options: SaleOptions): Captured {
  const {
    totalMinor,
    tenders,
    kind = "sale",
    receipt = till.nextReceipt(),
    more = {},
    ...rest
  } = options;
  const lines = [
    {
      sku: "A1",
      description: "Tea",
      quantity: totalMinor < 0 ? "-1" : "1",
      amountMinor: totalMinor,
    },
  ];
  const body = { receipt, currency: CURRENCY, lines, tenders, totalMinor, ...more };
  return take(making, till.capture({ kind, body, atMs, businessDay: making.businessDay, ...rest }));
}

export const cash = (amountMinor: number) => [{ type: "cash", amountMinor }];

export function expect(
  making: Making,
  plant: Expected["plant"],
  kind: string,
  item: Pick<Expected, "source" | "epoch" | "seq"> | null,
  amountMinor: number | null,
  businessDay = making.businessDay,
): Expected {
  const expected: Expected = {
    plant, kind, store: making.state.store, businessDay, source: item?.source ?? null,
    epoch: item?.epoch ?? null, seq: item?.seq ?? null,
    currency: amountMinor === null ? null : CURRENCY, amountMinor,
  }; // prettier-ignore
  making.expected.push(expected);
  return expected;
}

export const receiptOf = ({ event }: Captured): string =>
  "receipt" in event.body ? event.body.receipt : "";

export const nextDay = (day: string): string =>
  new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
