/**
 * What a month costs by list price. Read on 2026-11-26 in the providers' own pages of prices (developers.cloudflare.com:
 * durable-objects/platform/pricing, workers/platform/pricing; docs.turso.tech) and, for what a row beyond Turso's plan
 * costs, in a transcription of others. Without discounts, taxes and what else the account is used for.
 */

/** US$; what the plan includes is used by nobody else. */
export const PRICES = {
  readOn: "2026-11-26",
  workersPlan: 5,
  /** Per million, beyond what is included a month. */
  requests: { included: 10e6, perMillion: 0.3 },
  cpuMs: { included: 30e6, perMillion: 0.02 },
  objectRequests: { included: 1e6, perMillion: 0.15 },
  objectGbSeconds: { included: 400e3, perMillion: 12.5 },
  rowsRead: { included: 25e9, perMillion: 0.001 },
  rowsWritten: { included: 50e6, perMillion: 1 },
  /** GB-months of objects. */
  storedGb: { included: 5, each: 0.2 },
  /** Turso, plan Scaler. */
  turso: {
    plan: 24.92,
    rowsRead: { included: 100e9, perMillion: 0.0008 },
    rowsWritten: { included: 100e6, perMillion: 0.8 },
    storedGb: { included: 24, each: 0.5 },
  },
} as const;

/** Memory that an object is charged for, whatever it uses. */
export const OBJECT_GB = 0.128;

export interface MonthlyUse {
  readonly requests: number;
  readonly cpuMs: number;
  readonly objectRequests: number;
  readonly objectGbSeconds: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
  readonly storedGb: number;
  readonly centreRowsWritten: number;
  readonly centreRowsRead: number;
  readonly centreGb: number;
}

export interface CostLine {
  readonly of: string;
  readonly dollars: number;
}

interface PerMillion {
  readonly included: number;
  readonly perMillion: number;
}

const beyond = (used: number, { included, perMillion }: PerMillion): number =>
  (Math.max(0, used - included) / 1e6) * perMillion;

const stored = (gb: number, price: { readonly included: number; readonly each: number }): number =>
  Math.max(0, gb - price.included) * price.each;

export function monthlyCost(use: MonthlyUse): CostLine[] {
  const { turso } = PRICES;
  return [
    { of: "Workers plan", dollars: PRICES.workersPlan },
    { of: "requests", dollars: beyond(use.requests, PRICES.requests) },
    { of: "CPU", dollars: beyond(use.cpuMs, PRICES.cpuMs) },
    { of: "object requests", dollars: beyond(use.objectRequests, PRICES.objectRequests) },
    { of: "object time", dollars: beyond(use.objectGbSeconds, PRICES.objectGbSeconds) },
    { of: "rows read", dollars: beyond(use.rowsRead, PRICES.rowsRead) },
    { of: "rows written", dollars: beyond(use.rowsWritten, PRICES.rowsWritten) },
    { of: "stored", dollars: stored(use.storedGb, PRICES.storedGb) },
    { of: "Turso plan", dollars: turso.plan },
    {
      of: "Turso rows",
      dollars:
        beyond(use.centreRowsWritten, turso.rowsWritten) +
        beyond(use.centreRowsRead, turso.rowsRead),
    },
    { of: "Turso stored", dollars: stored(use.centreGb, turso.storedGb) },
  ];
}
