/** Writes a customer's golden record: a version only when what it says has changed (GLD1). */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import { digestBytes } from "../db/packed.ts";
import { publishStatement } from "../publish/outbox.ts";
import { packActivity, packGolden } from "../db/packed-columns.ts";
import type { Cause } from "./cause.ts";
import type { GoldenState } from "./golden.ts";

export interface StandingGolden {
  readonly version: number;
  /** Null when there is no golden record, or not any more. */
  readonly digest: string | null;
}

/** What is in place of a golden record in the history of the version that stands. */
export const STANDS = "";

/** Before the customer's row says something else: its history keeps what it says now. */
export const keepGolden = (customer: CustomerId): Statement => ({
  sql: `update golden_history set golden = c.golden from (
          select id, version, golden from customer where id = ? and golden is not null) c
        where golden_history.customer = c.id and golden_history.version = c.version
          and golden_history.golden = '${STANDS}'`,
  args: [customer],
});

/** What stands is not what its digest says: its history gets what it should have been. */
const mendGolden = (customer: CustomerId, version: number, golden: Uint8Array): Statement => ({
  sql: `update golden_history set golden = ? where customer = ? and version = ? and golden = '${STANDS}'`,
  args: [golden, customer, version],
});

/** A new one only where it says something else. */
export const versionAfter = (
  standing: StandingGolden | undefined,
  { digest }: GoldenState,
): number => (standing?.version ?? 0) + (standing?.digest === digest ? 0 : 1);

export function goldenStatements(
  customer: CustomerId,
  standing: StandingGolden | undefined,
  state: GoldenState,
  nowMs: number,
  cause: Cause | null = null,
): Statement[] {
  const activity = packActivity(JSON.stringify(state.activity), state.activity.asOf);
  const sales = Object.values(state.activity.totals).reduce((sum, each) => sum + each.sales, 0);
  if (standing?.digest === state.digest) {
    return [
      {
        sql: "update customer set activity = ?, sales = ?, as_of = ? where id = ?",
        args: [activity, sales, state.activity.asOf, customer],
      },
    ];
  }
  const version = versionAfter(standing, state);
  const golden = packGolden(JSON.stringify(state.golden));
  const digest = digestBytes(state.digest);
  const isDamaged = standing?.digest === null;
  return [
    isDamaged ? mendGolden(customer, standing.version, golden) : keepGolden(customer),
    {
      sql: `insert into customer (id, version, digest, as_of, updated_ms, sales, golden, activity)
            values (?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set redirect_to = null, version = excluded.version,
              digest = excluded.digest, as_of = excluded.as_of, updated_ms = excluded.updated_ms,
              sales = excluded.sales, golden = excluded.golden, activity = excluded.activity`,
      args: [customer, version, digest, state.activity.asOf, nowMs, sales, golden, activity],
    },
    {
      sql: `insert into golden_history (customer, version, at_ms, digest, golden, cause)
            values (?, ?, ?, ?, ?, ?)`,
      args: [customer, version, nowMs, digest, STANDS, cause && JSON.stringify(cause)],
    },
    publishStatement({ kind: "golden", customer, version }),
  ];
}
