/** `POST /v1/intake/fragments`: source records in, customers and golden records out, in one write. */
import { fragmentIdOf, writerOf } from "@regulars/shared/ids";
import type { FragmentsIntake, FragmentsIntakeAnswer } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { causeOfArrival } from "../golden/cause.ts";
import { goldenOf } from "../golden/golden.ts";
import { markStatements } from "../golden/mark.ts";
import { overridesOf } from "../golden/overrides.ts";
import { overridesMoved, remindOfRules } from "../golden/remind.ts";
import { goldenStatements } from "../golden/write-golden.ts";
import { releaseStatement } from "../quarantine/read-anew.ts";
import { publishStatement } from "../publish/outbox.ts";
import { isNewKey, type Neighbourhood, readNeighbourhood } from "../resolve/neighbourhood.ts";
import { decideReminders } from "../resolve/reminders.ts";
import { type Resolution, type ResolvedRecord, resolve } from "../resolve/resolve.ts";
import {
  assignStatements,
  identityStatements,
  linkStatements,
} from "../resolve/write-resolution.ts";
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
    if ((newest.get(record.id)?.clock ?? 0) < record.clock) newest.set(record.id, record);
  }
  return { records: [...newest.values()], refused };
}

/** Not to be run twice at once: what is read decides what is written. `also` goes into the same write. */
export async function takeFragments(
  storage: Storage,
  { records, refused }: OpenedFragments,
  policy: Policy,
  nowMs: number,
  also: readonly Statement[] = [],
): Promise<FragmentsIntakeAnswer> {
  const around = await readNeighbourhood(storage, records);
  const statements = refused.map(({ fragment, code }) => refusalStatement(fragment, code, nowMs));
  const resolution = resolve(around, records);
  const rules = { policy, overrides: await overridesOf(storage, recordIdsOf(resolution)) };
  statements.push(...resolutionStatements(around, resolution, rules, nowMs));
  const reminders = decideReminders(around, records, resolution);
  statements.push(...reminders.map((each) => publishStatement(each)));
  statements.push(...(await remindOfRules(storage, reminders, policy)));
  await storage.write([...statements, ...also]);
  return {
    ...THIS_VERSION,
    received: records.length,
    refused: refused.map(({ fragment: { source, epoch, key }, code }) => ({
      fragment: fragmentIdOf(source, epoch, key),
      code,
    })),
  };
}

const recordIdsOf = ({ customers }: Resolution): string[] =>
  customers.flatMap(({ cluster }) => cluster.records.map(({ id }) => id));

interface Rules {
  readonly policy: Policy;
  readonly overrides: readonly Override[];
}

function resolutionStatements(
  around: Neighbourhood,
  { records, customers, assigns }: Resolution,
  { policy, overrides }: Rules,
  nowMs: number,
): Statement[] {
  const arrived = new Set(records.map(({ record }) => record.id));
  const writers = new Map(
    records.map(({ record: { contribution: c } }) => [writerOf(c.source, c.epoch), c]),
  );
  return [
    ...customers.flatMap(({ identity }) => identityStatements(identity, nowMs)),
    ...customers.flatMap(({ links }) => linkStatements(links, nowMs)),
    ...records.flatMap((resolved) => recordStatements(resolved, around, nowMs)),
    ...assigns.flatMap((assign) => assignStatements(assign)),
    ...customers.flatMap(({ cluster }) => {
      const contributions = cluster.records.map(({ contribution }) => contribution);
      const standing = around.customers.get(cluster.customer);
      const golden = goldenOf(contributions, policy, overrides);
      const cause = causeOfArrival(cluster.records, (id) => arrived.has(id));
      return goldenStatements(cluster.customer, standing, golden, nowMs, cause);
    }),
    ...customers.flatMap((customer) => overridesMoved(customer, around, overrides)),
    ...(writers.size > 0
      ? [releaseStatement([...writers.values()]), ...markStatements([...writers.values()])]
      : []),
  ];
}

function recordStatements(
  { record, customer }: ResolvedRecord,
  around: Neighbourhood,
  nowMs: number,
): Statement[] {
  const { id, clock, contribution, sha256, state } = record;
  const { source, epoch, key, seq } = contribution;
  const newKeys = Object.keys(contribution.keys).filter((each) => isNewKey(around, record, each));
  return [
    {
      sql: `insert into source_record (id, source, epoch, key, seq, clock, customer, received_ms,
              sha256, contribution, state)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (id) do update set seq = excluded.seq, clock = excluded.clock,
              customer = excluded.customer, received_ms = excluded.received_ms,
              sha256 = excluded.sha256, contribution = excluded.contribution, state = excluded.state`,
      args: [
        id, source, epoch, key, seq, clock, customer, nowMs, sha256,
        JSON.stringify(contribution), state,
      ], // prettier-ignore
    },
    ...newKeys.map((each) => ({
      sql: "insert into record_key (key, record) values (?, ?)",
      args: [each, id],
    })),
  ];
}

function refusalStatement(fragment: ArrivedFragment, code: RefusalCode, nowMs: number): Statement {
  const { source, epoch, key, sha256 } = fragment;
  const problem = { source, epoch, code, item: key, hash: sha256, payload: fragment };
  return problemStatement(problem, nowMs);
}
