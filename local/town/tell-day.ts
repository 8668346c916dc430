/** What happened on a day, in three sentences. */
import { formatMinor } from "@regulars/shared/money";
import type { CentreTotals } from "../system/centre-client.ts";
import { CURRENCY } from "./basket.ts";
import type { Day } from "./day.ts";
import type { Played } from "./play-day.ts";

export interface DayFigures {
  readonly number: number;
  readonly day: Day;
  readonly played: Played;
  readonly offlineStore: string;
  /** Golden events, of this day and all before. */
  readonly golden: number;
  readonly totals: CentreTotals;
  /** How often, on this day, the centre found that two customers are one. */
  readonly joined: number;
  /** In the tills' journals, minor units. */
  readonly tillMinor: number;
}

export function tellDay(figures: DayFigures): string {
  const { day, played, totals, tillMinor } = figures;
  const count = (kind: string): number =>
    day.actions.filter(({ capture }) => capture.kind === kind).length;
  const centreMinor = Object.values(totals.money[CURRENCY] ?? {}).reduce((a, b) => a + b, 0);
  const others = day.actions.length - count("sale") - count("return");
  return [
    `Day ${figures.number} (${day.date}): ${count("sale")} sales, ${count("return")} returns and ` +
      `${others} other things were captured, ${played.offline} of them while ` +
      `${figures.offlineStore} had no network, and all ${figures.golden} events are golden.`,
    `The centre knows ${totals.customers} customers, having found ${figures.joined} times today ` +
      `that two of them are one; ${played.doubtful} captures held something unreadable, ` +
      `which was set aside.`,
    tillMinor === centreMinor
      ? `Tills and centre hold the same money to the penny: ${money(tillMinor)}.`
      : `The tills hold ${money(tillMinor)}, but the centre ${money(centreMinor)}.`,
  ].join("\n");
}

const money = (minor: number): string => formatMinor(minor, CURRENCY, "en-GB");
