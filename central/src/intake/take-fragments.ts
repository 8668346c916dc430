/** `POST /v1/intake/fragments`: source records in, customers and golden records out, in one write. */
import { fragmentIdOf, writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentsIntake, FragmentsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { digestBytes } from "../db/packed.ts";
import { packContribution, packState } from "../db/packed-columns.ts";
import { markStatements, type Writer } from "../golden/mark.ts";
import { remindOfRules } from "../golden/remind.ts";
import { settleGolden, type Settled } from "../golden/settle.ts";
import { releaseStatement } from "../quarantine/read-anew.ts";
import { publishStatement } from "../publish/outbox.ts";
import { markReleased } from "../reconcile/dirty.ts";
import { NO_DECISIONS } from "../resolve/arrivals.ts";
import { customerAfter, examine, type Resolution } from "../resolve/examine.ts";
import type { MatchingContext } from "../resolve/matching-context.ts";
import { potentialStatements } from "../resolve/potential.ts";
import { decisionsForEdge, remindersOfGolden } from "../resolve/tell-edge.ts";
import { problemStatement } from "./problems.ts";
import {
  type ArrivedFragment,
  type ArrivedRecord,
  openSourceRecord,
  type RefusalCode,
} from "./source-record.ts";

export interface OpenedFragments {
  readonly records: readonly ArrivedRecord[];
  readonly refused: readonly { readonly fragment: ArrivedFragment; readonly code: RefusalCode }[];
}

/** The costly part, which needs nothing that is stored. */
export function openFragments(intake: FragmentsIntake): OpenedFragments {
  const newest = new Map<string, ArrivedRecord>();
  const refused: { fragment: ArrivedFragment; code: RefusalCode }[] = [];
  for (const fragment of intake.fragments) {
    const opened = openSourceRecord(fragment);
    if (!opened.ok) {
      refused.push({ fragment, code: opened.reason });
      continue;
    }
    const record = opened.value;
    // Of the same fragment at two places, the place that was told last.
    if ((newest.get(record.id)?.clock ?? 0) <= record.clock) newest.set(record.id, record);
  }
  return { records: [...newest.values()], refused };
}

/** By what arrives is resolved and made golden. */
export interface FragmentRules {
  readonly policy: Policy;
  readonly matching: MatchingContext;
}

/** Not to be run twice at once: what is read decides what is written. `also` goes into the same write. */
export async function takeFragments(
  storage: Storage,
  { records, refused }: OpenedFragments,
  rules: FragmentRules,
  nowMs: number,
  also: readonly Statement[] = [],
): Promise<FragmentsIntakeAnswer> {
  const refusals = refused.map(({ fragment, code }) => refusalStatement(fragment, code, nowMs));
  const taken = await arrivalStatements(storage, records, rules, nowMs);
  await storage.write([...refusals, ...taken.statements, ...also]);
  return {
    ...THIS_VERSION,
    received: records.length,
    golden: [...taken.versions].map(([customer, version]) => ({ customer, version })),
    refused: refused.map(({ fragment: { source, epoch, key }, code }) => ({
      fragment: fragmentIdOf(source, epoch, key),
      code,
    })),
  };
}

async function arrivalStatements(
  storage: Storage,
  records: readonly ArrivedRecord[],
  { policy, matching }: FragmentRules,
  nowMs: number,
): Promise<Pick<Settled, "statements" | "versions">> {
  const occasion = { arrived: records, again: [], pending: NO_DECISIONS };
  const resolution = await examine(storage, occasion, matching, nowMs);
  const settled = await settleGolden(storage, resolution, policy, nowMs);
  const moves = await decisionsForEdge(storage, resolution, records);
  const reminders = remindersOfGolden(resolution, records, settled.customers);
  const { changed } = resolution.arrivals;
  const writers = [
    ...new Map(changed.map(({ contribution: c }) => [writerOf(c.source, c.epoch), c])).values(),
  ];
  const statements = [
    ...(resolution.resolved?.statements ?? []),
    ...changed.map((record) => recordStatement(record, resolution, nowMs)),
    ...placeStatements(records, resolution),
    ...moves.map((each) => publishStatement(each)),
    ...settled.statements,
    ...(writers.length > 0 ? releaseAndMark(writers, nowMs) : []),
    ...reminders.map((each) => publishStatement(each)),
    ...(await remindOfRules(storage, reminders, policy)),
    ...potentialStatements(resolution.resolved?.potential ?? null, settled.customers),
  ];
  return { statements, versions: settled.versions };
}

const releaseAndMark = (writers: readonly Writer[], nowMs: number): Statement[] => [
  markReleased(writers, nowMs + LIMITS.checkGapMs),
  releaseStatement(writers),
  ...markStatements(writers, nowMs),
];

function recordStatement(record: ArrivedRecord, resolution: Resolution, nowMs: number): Statement {
  const { id, clock, contribution, sha256, state, edgeCustomer } = record;
  const { source, epoch, key, seq } = contribution;
  const json = JSON.stringify(contribution);
  const stored = resolution.arrivals.stored.get(id);
  const unit = resolution.resolved?.unitOfRecord.get(id) ?? stored?.unit ?? null;
  return {
    sql: `insert into source_record (id, source, epoch, key, seq, clock, customer, received_ms,
              sha256, contribution, state, unit, placed)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set seq = excluded.seq, clock = excluded.clock,
              customer = excluded.customer, received_ms = excluded.received_ms,
              sha256 = excluded.sha256, contribution = excluded.contribution,
              state = excluded.state, unit = excluded.unit, placed = excluded.placed`,
    args: [
        id, source, epoch, key, seq, clock, customerAfter(resolution, id), nowMs, digestBytes(sha256),
        packContribution(id, json), packState(state, json), unit, edgeCustomer,
      ], // prettier-ignore
  };
}

/** Where the edge has what has come again as it is here. */
function placeStatements(
  records: readonly ArrivedRecord[],
  { arrivals: { stored, changed } }: Resolution,
): Statement[] {
  const isChanged = new Set(changed.map(({ id }) => id));
  return records.flatMap(({ id, clock, edgeCustomer }) => {
    const known = stored.get(id);
    const isNews = known?.clock === clock && known.placed !== edgeCustomer && !isChanged.has(id);
    if (!isNews) return [];
    const sql = "update source_record set placed = ? where id = ?";
    return [{ sql, args: [edgeCustomer, id] }];
  });
}

function refusalStatement(fragment: ArrivedFragment, code: RefusalCode, nowMs: number): Statement {
  const { source, epoch, key, sha256 } = fragment;
  const problem = { source, epoch, code, item: key, hash: sha256, payload: fragment };
  return problemStatement(problem, nowMs);
}
