/** What a store-day comes to, for every picture of it: folded from its rows with those of the checks. */
import { moneyOf } from "@regulars/shared/events/event";
import { TENDER_TYPES } from "@regulars/shared/events/tender";
import type { DayFigures } from "../found.ts";
import { hoursIn } from "../zone.ts";
import { lateRows } from "./late.ts";
import { trueRoot } from "./seal.ts";
import { figuresOf, paymentsOf } from "./shift-figures.ts";
import { rowsOfKind, type StoreDay } from "./store-day.ts";
import { netOf } from "./z-report.ts";

type Money = Record<string, number>;

const add = (money: Money, currency: string, minor: number): void => {
  money[currency] = (money[currency] ?? 0) + minor;
};

export function dayFigures(day: StoreDay): DayFigures {
  const { currencies } = figuresOf(day.rows, paymentsOf(day));
  const netMinor: Money = {};
  const tenders: DayFigures["tenders"] = {};
  let [sales, returns] = [0, 0];
  for (const [currency, of] of Object.entries(currencies)) {
    if (of.sales + of.returns + of.voids + of.adjustments === 0) continue;
    sales += of.sales;
    returns += of.returns;
    add(netMinor, currency, netOf(of));
    for (const type of TENDER_TYPES) {
      const minor = of.tenders[type];
      if (minor !== undefined) tenders[type] = { ...tenders[type], [currency]: minor };
    }
  }
  const late = lateRows(day);
  const lateMinor: Money = {};
  for (const { currency, totalMinor } of late) add(lateMinor, currency, totalMinor);
  return {
    events: day.rows.length,
    terminals: new Set(day.rows.map(({ source }) => source)).size,
    sales,
    returns,
    netMinor,
    tenders,
    hours: hoursOf(day),
    late: late.length,
    lateMinor,
    overShortMinor: overShort(day),
    golden: goldenRows(day),
    acceptedMs: newest(day, ({ acceptedMs }) => acceptedMs),
    receivedMs: newest(day, ({ receivedMs }) => receivedMs),
    root: trueRoot(day),
  };
}

function hoursOf({ zone, rows }: StoreDay): DayFigures["hours"] {
  const hourOf = hoursIn(zone);
  const hours = Array.from({ length: 24 }, () => ({ sales: 0, netMinor: {} as Money }));
  for (const { event } of rows) {
    const money = event && moneyOf(event);
    const hour = event && hours[hourOf(Date.parse(event.at))];
    if (!money || !hour) continue;
    if (event.kind === "sale") hour.sales += 1;
    add(hour.netMinor, money.currency, money.totalMinor);
  }
  return hours;
}

function overShort(day: StoreDay): Money {
  const money: Money = {};
  for (const { event } of rowsOfKind(day, "close")) {
    for (const { currency, differenceMinor } of event.body.compared)
      add(money, currency, differenceMinor);
  }
  return money;
}

const goldenRows = ({ rows, writers }: StoreDay): number =>
  rows.filter(({ source, epoch, seq }) => seq <= (writers.get(`${source}/${epoch}`)?.golden ?? 0))
    .length;

const newest = ({ rows }: StoreDay, of: (row: StoreDay["rows"][number]) => number): number | null =>
  rows.reduce<number | null>((max, row) => Math.max(max ?? 0, of(row)), null);
