/** What happened on a day, in a few sentences. */
import { formatMinor } from "@regulars/shared/money";
import type { CentreTotals } from "../system/centre-client.ts";
import { CURRENCY } from "./basket.ts";
import type { Closed } from "./close-day.ts";
import type { Day } from "./day.ts";
import type { Outage, Played } from "./play-day.ts";
import type { WebDay, WebKind } from "./web-day.ts";

export interface DayFigures {
  readonly number: number;
  readonly day: Day;
  readonly webDay: WebDay;
  readonly played: Played;
  readonly closed: Closed;
  readonly outage: Outage;
  /** Golden events, of this day and all before. */
  readonly golden: number;
  /** What the web shop has sent and the edge could not use. */
  readonly unusable: number;
  /** Of the whole house, with what others have brought that are not the town's. */
  readonly totals: CentreTotals;
  /** At the centre, from the town's own tills and web shop; minor units. */
  readonly centreMinor: number;
  /** How often, on this day, the centre found that two customers are one. */
  readonly joined: number;
  /** In the tills' journals, minor units. */
  readonly tillMinor: number;
  /** What the web shop has taken, minor units. */
  readonly webMinor: number;
}

export function tellDay(figures: DayFigures): string {
  const { day, webDay, played, outage, totals, unusable } = figures;
  const count = (kind: string): number =>
    day.actions.filter(({ capture }) => capture.kind === kind).length;
  const web = (kind: WebKind) => webDay.actions.filter((action) => action.kind === kind);
  const isDuring = ({ minute }: { readonly minute: number }): boolean =>
    minute >= outage.from && minute < outage.to;
  const others = day.actions.length - count("sale") - count("return");
  return [
    `Day ${figures.number} (${day.date}): ${count("sale")} sales, ${count("return")} returns and ` +
      `${others} other things were captured, ${played.offline} of them while ` +
      `${outage.store} had no network, and ${web("order").length} web orders and ` +
      `${web("refund").length} refunds came from ${web("visit").length} visits to the web shop, ` +
      `${web("order").filter(isDuring).length} of the orders meanwhile; ` +
      `all ${figures.golden} events are golden.`,
    `The centre knows ${totals.customers} customers, having found ${figures.joined} times today ` +
      `that two of them are one; ${played.doubtful} captures held a field that could not be ` +
      `read, which the journal keeps as it was typed, and no profile has.`,
    ...(unusable === 0 ? [] : [`${unusable} messages of the web shop wait at the intake desk.`]),
    tellClosed(figures.closed),
    compareMoney(figures),
  ].join("\n");
}

function tellClosed({ reports, differing, sealed }: Closed): string {
  const odd = differing.map(({ source, minor, reason = "unknown" }) => {
    const way = minor < 0 ? "short" : "over";
    return `${source} ${money(Math.abs(minor))} ${way} (${reason.replaceAll("_", " ")})`;
  });
  const counts = odd.length === 0 ? "every count right" : `${odd.join(", ")}, the others right`;
  const days = sealed.length === 1 ? "the day of" : "the days of";
  return (
    `All tills are closed: ${reports} Z ${reports === 1 ? "report" : "reports"}, ${counts}; ` +
    `${days} ${sealed.join(" and ")} ${sealed.length === 1 ? "is" : "are"} sealed.`
  );
}

function compareMoney({ tillMinor, webMinor, centreMinor, totals }: DayFigures): string {
  const otherMinor = minorOf(totals) - centreMinor;
  const compared =
    tillMinor + webMinor === centreMinor
      ? `Tills, web shop and centre hold the same money to the penny: ${money(tillMinor)} and ` +
        `${money(webMinor)} are ${money(centreMinor)}.`
      : `The tills hold ${money(tillMinor)} and the web shop ${money(webMinor)}, but the centre ` +
        `${money(centreMinor)}.`;
  return otherMinor === 0
    ? compared
    : `${compared} ${money(otherMinor)} more came through other accounts and tills.`;
}

/** All that was taken, less what was given back. */
export const minorOf = ({ money: all }: CentreTotals): number =>
  Object.values(all[CURRENCY] ?? {}).reduce((a, b) => a + b, 0);

const money = (minor: number): string => formatMinor(minor, CURRENCY, "en-GB");
