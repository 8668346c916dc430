/** What the centre holds of customers, and the profile that follows from it: read at one moment, by index. */
import { contributionDigest, type FragmentMark, marksDigest } from "@regulars/shared/compare/marks";
import { canonicalJson, type Json, sha256Hex } from "@regulars/shared/digest";
import type { CustomerId } from "@regulars/shared/ids";
import { decisionSchema } from "@regulars/shared/protocol/publish";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY, type Policy, policySchema } from "@regulars/shared/survivorship/policy";
import { buildProfile, profileDigest } from "@regulars/shared/survivorship/profile";
import { goldenText } from "../db/packed-columns.ts";
import { hexOf } from "../db/packed.ts";
import { contributionIn } from "../db/packed-columns.ts";
import { goldenOf } from "../golden/golden.ts";
import { overrideOf, overridesQuery } from "../golden/overrides.ts";

export interface CentreFragment extends FragmentMark {
  /** The customer that the edge last said it was with. */
  readonly placed: CustomerId | null;
}

export interface CentreSide {
  readonly customer: CustomerId;
  /** The id was given out. */
  readonly isKnown: boolean;
  readonly redirect: CustomerId | null;
  readonly version: number;
  readonly policy: number;
  /** `profileDigest` of the profile that its source records, policy and overrides make. */
  readonly digest: string;
  readonly marks: string;
  readonly fragments: readonly CentreFragment[];
  readonly overrides: readonly Override[];
  /** The golden record is what its source records make; null while a policy's run has not come to it. */
  readonly isGolden: boolean | null;
  /** A decision about it, or one that moves its fragments, has not reached the edge. */
  readonly isTelling: boolean;
  /** Of all of the above: two readings with the same are of one state. */
  readonly state: string;
}

const THESE = "(select value from json_each(?1))";

export const customersStatement = (ids: readonly CustomerId[]): Statement => ({
  sql: `select id, redirect_to, version, digest, golden from customer where id in ${THESE}`,
  args: [JSON.stringify(ids)],
});

export const recordsStatement = (ids: readonly CustomerId[]): Statement => ({
  sql: `select id, customer, clock, placed, contribution from source_record where customer in ${THESE}`,
  args: [JSON.stringify(ids)],
});

/** The outbox is as long as what the edge has not applied yet. */
export const tellingStatement = (ids: readonly CustomerId[]): Statement => ({
  sql: `select payload from publication where target in (
          select 'golden/' || value from json_each(?1) union all
          select 'overrides/' || value from json_each(?1) union all select 'policy')
        union all select payload from publication where target >= 'assign/' and target < 'assign0'
        union all select payload from publication where target >= 'redirect/' and target < 'redirect0'`,
  args: [JSON.stringify(ids)],
});

export async function readCentre(
  storage: Storage,
  ids: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, CentreSide>> {
  const [customers = [], records = [], overrides = [], telling = [], policies = [], runs = []] =
    await storage.read([
      customersStatement(ids),
      recordsStatement(ids),
      overridesQuery(`select id from source_record where customer in ${THESE}`, [
        JSON.stringify(ids),
      ]),
      tellingStatement(ids),
      { sql: "select policy from policy order by version desc limit 1" },
      { sql: "select 1 from policy_run where finished_ms is null" },
    ]);
  const told = toldOf(telling);
  const context = {
    policy: policyIn(policies),
    isSettling: runs.length > 0,
    overrides: overrides.map((row) => overrideOf(row)),
  };
  const rowOf = new Map(customers.map((row) => [textOf(row, "id"), row]));
  const recordsOf = Map.groupBy(records, (row) => textOf(row, "customer"));
  return new Map(
    ids.map((id) => {
      const isTelling = told.all || told.customers.has(id);
      const side = sideOf(id, rowOf.get(id), recordsOf.get(id) ?? [], context);
      return [id, { ...side, isTelling, state: stateOf(side) }];
    }),
  );
}

function policyIn([row]: readonly Row[]): Policy {
  return row ? policySchema.parse(JSON.parse(textOf(row, "policy"))) : DEFAULT_POLICY;
}

/** Whom the decisions in the outbox are about. */
function toldOf(rows: readonly Row[]): { all: boolean; customers: ReadonlySet<CustomerId> } {
  const customers = new Set<CustomerId>();
  let all = false;
  for (const row of rows) {
    const decision = decisionSchema.parse(JSON.parse(textOf(row, "payload")));
    switch (decision.kind) {
      case "policy":
        all = true;
        break;
      case "golden":
      case "overrides":
        customers.add(decision.customer);
        break;
      case "redirect":
      case "assign":
        customers.add(decision.from).add(decision.to);
        break;
      case "mark":
        break;
    }
  }
  return { all, customers };
}

interface Context {
  readonly policy: Policy;
  readonly isSettling: boolean;
  readonly overrides: readonly Override[];
}

type Side = Omit<CentreSide, "isTelling" | "state">;

function sideOf(
  customer: CustomerId,
  row: Row | undefined,
  records: readonly Row[],
  { policy, isSettling, overrides }: Context,
): Side {
  const read = records.map((record) => {
    const contribution = contributionIn(record);
    return { record, contribution };
  });
  const fragments = read.map(({ record, contribution }) => ({
    id: textOf(record, "id"),
    clock: numberOf(record, "clock"),
    digest: contributionDigest(contribution),
    placed: record["placed"] === null ? null : textOf(record, "placed"),
  }));
  const ids = new Set(fragments.map(({ id }) => id));
  const own = overrides.filter(({ fragment }) => ids.has(fragment));
  const contributions = read.map(({ contribution }) => contribution);
  const redirect =
    row === undefined || row["redirect_to"] === null ? null : textOf(row, "redirect_to");
  const isActive = row !== undefined && redirect === null && contributions.length > 0;
  return {
    customer,
    isKnown: row !== undefined,
    redirect,
    version: row ? numberOf(row, "version") : 0,
    policy: policy.version,
    digest: profileDigest(buildProfile(contributions, policy, own)),
    marks: marksDigest(fragments),
    fragments,
    overrides: own,
    isGolden:
      !isActive ||
      (isSettling ? null : isGoldenRow(row, goldenOf(contributions, policy, own).digest)),
  };
}

/** What is stored is digested, and not believed of its column alone. */
function isGoldenRow(row: Row, expected: string): boolean {
  if (row["golden"] === null || row["digest"] === null) return false;
  if (hexOf(row, "digest") !== expected) return false;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
    return sha256Hex(canonicalJson(JSON.parse(goldenText(row)) as Json)) === expected;
  } catch {
    return false;
  }
}

const stateOf = (side: Side): string =>
  sha256Hex(
    JSON.stringify([
      side.redirect,
      side.version,
      side.policy,
      side.digest,
      side.marks,
      side.isGolden,
      side.fragments.map(({ id, placed }) => `${id} ${placed}`).toSorted(),
    ]),
  );
