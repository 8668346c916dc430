/** Source records that are stored, looked at again: for a steward who has decided something, or because the rules are others. */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { CustomerId } from "@regulars/shared/ids";
import type { Cause } from "../golden/cause.ts";
import type { GoldenState } from "../golden/golden.ts";
import { settleGolden } from "../golden/settle.ts";
import { publishStatement } from "../publish/outbox.ts";
import { NO_DECISIONS, type PendingDecisions } from "./arrivals.ts";
import { examine, type Resolution } from "./examine.ts";
import type { MatchingContext } from "./matching-context.ts";
import { potentialStatements } from "./potential.ts";
import { decisionsForEdge } from "./tell-edge.ts";

export interface Reexamination {
  readonly ids: readonly string[];
  readonly pending?: PendingDecisions;
  readonly cause?: Cause;
}

export interface Reexamined {
  readonly statements: readonly Statement[];
  readonly resolution: Resolution;
  /** Golden records that were derived, as they will be when the statements are written. */
  readonly states: ReadonlyMap<CustomerId, GoldenState>;
}

export async function reexamine(
  storage: Storage,
  { ids, pending = NO_DECISIONS, cause }: Reexamination,
  { matching, policy }: { readonly matching: MatchingContext; readonly policy: Policy },
  nowMs: number,
): Promise<Reexamined> {
  const resolution = await examine(storage, { arrived: [], again: ids, pending }, matching, nowMs);
  const settled = await settleGolden(storage, resolution, policy, nowMs, cause);
  const moves = await decisionsForEdge(storage, resolution, []);
  const statements = [
    ...(resolution.resolved?.statements ?? []),
    ...moves.map((each) => publishStatement(each)),
    ...settled.statements,
    ...potentialStatements(resolution.resolved?.potential ?? null, settled.customers),
  ];
  return { statements, resolution, states: settled.states };
}
