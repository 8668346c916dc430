/** What a replay prints: one JSON object. */
import type { CentreTotals } from "../system/centre-client.ts";
import type { Sent } from "./capture-invoices.ts";
import { addMoney, type Comparison } from "./compare.ts";
import type { Lag } from "./lag.ts";

type Money = Readonly<Record<string, number>>;

export interface Report {
  /** Invoices at each step of the ack ladder. */
  readonly captured: number;
  readonly accepted: number;
  readonly merged: number;
  readonly golden: number;
  /** All that the agents journalled: invoices, and what customers told with them. */
  readonly events: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly customers: number;
  /** Invoices that name no customer. */
  readonly anonymousSales: number;
  /** As the file's reader adds it up, as the tills have captured it, as the centre holds it. */
  readonly moneyMinor: { readonly file: Money; readonly captured: Money; readonly centre: Money };
  readonly moneyMinorByKind: Readonly<Record<string, Money>>;
  readonly kinds: Sent["kinds"];
  readonly dirt: Sent["dirt"];
  readonly eventsPerSecond: number;
  readonly wallSeconds: number;
  /** Events captured online by this run. */
  readonly lagMs: {
    readonly capturedToMerged: Lag | null;
    readonly capturedToGolden: Lag | null;
  };
  readonly resumed: boolean;
  readonly restarts: Readonly<Record<string, number>>;
  readonly peakMemoryMb: Readonly<Record<string, number>>;
}

export interface Findings {
  readonly sent: Sent;
  readonly compared: Comparison;
  readonly totals: CentreTotals;
  readonly lagMs: Report["lagMs"];
  readonly wallSeconds: number;
  readonly resumed: boolean;
  readonly restarts: Readonly<Record<string, number>>;
  readonly peakMemoryMb: Readonly<Record<string, number>>;
}

export function reportOf(findings: Findings): Report {
  const { sent, compared, totals, wallSeconds } = findings;
  const { captured, accepted, merged, golden, events, lost, duplicated } = compared;
  const kinds = Object.entries(totals.money);
  const centre = Object.fromEntries(kinds.map(([currency, byKind]) => [currency, sumOf(byKind)]));
  return {
    captured,
    accepted,
    merged,
    golden,
    events,
    lost,
    duplicated,
    customers: totals.customers,
    anonymousSales: sent.anonymous,
    moneyMinor: { file: sent.moneyMinor, captured: compared.moneyMinor, centre },
    moneyMinorByKind: totals.money,
    kinds: sent.kinds,
    dirt: sent.dirt,
    eventsPerSecond: round(events / wallSeconds),
    wallSeconds: round(wallSeconds),
    lagMs: findings.lagMs,
    resumed: findings.resumed,
    restarts: findings.restarts,
    peakMemoryMb: findings.peakMemoryMb,
  };
}

/** Nothing lost, nothing twice, everything golden, and the same money everywhere. */
export function isGood({ captured, golden, lost, duplicated, moneyMinor }: Report): boolean {
  const { file, captured: journalled, centre } = moneyMinor;
  return (
    lost === 0 &&
    duplicated === 0 &&
    golden === captured &&
    isEqual(file, journalled) &&
    isEqual(file, centre)
  );
}

function isEqual(a: Money, b: Money): boolean {
  const negative = Object.fromEntries(Object.entries(b).map(([name, minor]) => [name, -minor]));
  return Object.values(addMoney(a, negative)).every((difference) => difference === 0);
}

const sumOf = (money: Money): number => Object.values(money).reduce((a, b) => a + b, 0);

const round = (value: number): number => Math.round(value * 10) / 10;
