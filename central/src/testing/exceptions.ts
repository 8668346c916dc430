/** Exceptions of all kinds, with the evidence that checks give them, and the rows that they stand in. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { type ExceptionKind, type Found, KINDS } from "../reconcile/found.ts";
import { EXCEPTION_KINDS, type StoredException } from "../reconcile/exceptions/read.ts";
import { recountStatement } from "../reconcile/store-day-state.ts";

export const NOON_MS = Date.UTC(2026, 10, 21, 12);

type Sample = Pick<Found, "source" | "seq" | "amountMinor" | "evidence">;

export const SAMPLES: Readonly<Record<ExceptionKind, Sample>> = {
  gap: { source: "till-1", seq: 57, amountMinor: null, evidence: { missing: 5, lastSeq: 61 } },
  duplicate: { source: "till-1", seq: 88, amountMinor: 1_250, evidence: { how: "receipt", other: "till-1/1/57", receipt: "T1-0088" } },
  chain_break: { source: "till-2", seq: 33, amountMinor: null, evidence: { what: "content" } },
  fork: { source: "till-2", seq: 34, amountMinor: 899, evidence: { what: "refused", hash: "77aa0012" } },
  tenders_differ: { source: "till-3", seq: 12, amountMinor: -500, evidence: { receipt: "T3-0012", totalMinor: 4_500, tendersMinor: 4_000, flaggedByTill: true } },
  z_differs: { source: "till-1", seq: 410, amountMinor: -1_999, evidence: { z: 118, field: "cash expected", reportedMinor: 120_000, journalMinor: 121_999, fields: ["GBP cash expected", "sales"] } },
  z_number: { source: "till-1", seq: 411, amountMinor: null, evidence: { number: 120, expected: 119, of: "z" } },
  seal_differs: { source: "till-2", seq: 412, amountMinor: null, evidence: { what: "head", number: 12, seal: "till-1/1/500", sources: ["till-2"] } },
  card_unsettled: { source: "till-2", seq: 201, amountMinor: 3_495, evidence: { reference: "pi_3Nx81", receipt: "T2-0201" } },
  settled_unknown: { source: null, seq: null, amountMinor: 1_200, evidence: { reference: "pi_3Nx99", batch: "po_1", file: 3, line: 17 } },
  settled_differs: { source: "till-2", seq: 205, amountMinor: -100, evidence: { reference: "pi_3Nx82", tillMinor: 2_100, settledMinor: 2_000, batch: "po_1" } },
  late_sale: { source: "till-3", seq: 300, amountMinor: 2_410, evidence: { count: 3, zMinor: 120_000, amendedMinor: 122_410 } },
  clock_drift: { source: "till-3", seq: 20, amountMinor: null, evidence: { offsetMs: -754_000, rows: 31, limitMs: 60_000 } },
  return_exceeds: { source: "till-1", seq: 90, amountMinor: 999, evidence: { receipt: "T1-0090", original: "T2-0033", soldMinor: 999, returnedMinor: 1_998 } },
  loyalty_differs: { source: "till-2", seq: 44, amountMinor: 500, evidence: { receipt: "T2-0044", how: "not_spent", program: "club", programPoints: 1_150 } },
  golden_differs: { source: null, seq: null, amountMinor: -420, evidence: { customer: "cAAAAAAAAAAAAAAAAAAAAAA", goldenMinor: 12_000, journalMinor: 12_420 } },
  over_short: { source: "till-2", seq: 409, amountMinor: -420, evidence: { z: 118, tender: "cash", countedMinor: 41_580, expectedMinor: 42_000, staff: "s-12", reason: "wrong_change" } },
  over_short_trend: { source: "till-2", seq: 409, amountMinor: -2_310, evidence: { staff: "s-12", shifts: 5, medianMinor: -410 } },
  unreadable: { source: "till-3", seq: 77, amountMinor: null, evidence: { code: "unknown_kind" } },
  journal_differs: { source: "till-1", seq: null, amountMinor: null, evidence: { edgeRows: 412, centreRows: 410 } },
}; // prettier-ignore

export interface SeedOptions {
  readonly n: number;
  readonly kind?: ExceptionKind;
  readonly store?: string;
  readonly businessDay?: string;
  readonly state?: StoredException["state"];
  readonly assignee?: string | null;
  readonly explainedBy?: string | null;
  readonly openedMs?: number;
}

/** With the entry that a check has opened it with. */
export function exceptionStatements(options: SeedOptions): Statement[] {
  const kind = options.kind ?? "over_short";
  const { store = "store-1", businessDay = "2026-11-20", openedMs = NOON_MS } = options;
  const { source, seq, amountMinor, evidence } = SAMPLES[kind];
  return [
    {
      sql: `insert into exception (n, fingerprint, store, business_day, kind, severity, source, epoch, seq, currency,
          amount_minor, evidence, state, assignee, explained_by, opened_ms, changed_ms, version)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'GBP', ?, ?, ?, ?, ?, ?, ?, 1)`,
      args: [
        options.n,
        `f${options.n}`,
        store,
        businessDay,
        kind,
        KINDS[kind].severity,
        source,
        source === null ? null : 1,
        seq,
        amountMinor,
        JSON.stringify(evidence),
        options.state ?? "open",
        options.assignee ?? null,
        options.explainedBy ?? null,
        openedMs,
        openedMs,
      ],
    },
    {
      sql: `insert into exception_entry (exception, at_ms, by, action, evidence) values (?, ?, 'checks', 'opened', ?)`,
      args: [options.n, openedMs, JSON.stringify(evidence)],
    },
    {
      sql: `insert into store_day (store, business_day, state, since_ms, zone) values (?, ?, 'complete', ?, 'Europe/London')
        on conflict do nothing`,
      args: [store, businessDay, openedMs],
    },
    recountStatement(store, businessDay, openedMs),
  ];
}

export const seedException = (storage: Storage, options: SeedOptions): Promise<void> =>
  storage.write(exceptionStatements(options));

/** So many, of all kinds in turn, on some stores and days; the same each time. */
export function manyExceptions(count: number): Statement[] {
  return Array.from({ length: count }, (_, at) => {
    const state =
      (["open", "open", "explained", "open", "approved", "settled"] as const)[at % 6] ?? "open";
    return exceptionStatements({
      n: at + 1,
      kind: EXCEPTION_KINDS[at % EXCEPTION_KINDS.length] ?? "gap",
      store: `store-${(at % 7) + 1}`,
      businessDay: `2026-11-${String(15 + (at % 6)).padStart(2, "0")}`,
      state,
      assignee: at % 4 === 0 ? "console" : at % 9 === 0 ? "p-ada" : null,
      explainedBy: state === "explained" || state === "approved" ? "p-ada" : null,
      openedMs: NOON_MS - at * 3_600_000,
    });
  }).flat();
}

export const personStatement = (id: string, name: string): Statement => ({
  sql: `insert into person (id, name, roles, created_ms, created_by) values (?, ?, '["operations"]', ?, 'console')`,
  args: [id, name, NOON_MS],
});
