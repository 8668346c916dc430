/**
 * All that a change can reach: the components that it touches, as they will be stored, with everything their clusters depend on.
 */
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { IdentityKey } from "@regulars/shared/ids";
import type { Link, Refusal, RefusalReason, ScoredPair } from "../matching/clusters.ts";
import { REFUSALS } from "../matching/clusters.ts";
import { decisionOfTag, type PendingDecisions } from "./arrivals.ts";
import type { Filing } from "./filing.ts";
import type { MatchingContext } from "./matching-context.ts";
import { type PairChanges, pairOf } from "./pair-changes.ts";
import {
  SELECT_RECORDS,
  SELECT_UNITS,
  type UnitChanges,
  type UnitRecord,
  type UnitState,
  unitRecordOf,
  unitStateOf,
} from "./unit-changes.ts";

export interface Decision {
  readonly id: string;
  readonly kind: "same" | "different";
}

export interface Surroundings {
  readonly units: ReadonlyMap<string, UnitState>;
  readonly records: readonly UnitRecord[];
  /** At or above the threshold for a link, of these units. */
  readonly pairs: readonly ScoredPair[];
  readonly decisions: ReadonlyMap<string, Decision>;
  /** Keys of these units that tie nobody to anybody: weak, nobody's, or named by too many. */
  readonly powerless: ReadonlySet<IdentityKey>;
  /** Of these, those that too many name. */
  readonly overnamed: ReadonlySet<IdentityKey>;
  readonly links: readonly Link[];
  readonly refusals: readonly (Refusal & { readonly n: number })[];
  /** Units that no record is in, before the change and after it. */
  readonly empty: readonly UnitState[];
}

export interface Change {
  readonly units: UnitChanges;
  readonly filing: Filing;
  readonly pairs: PairChanges;
  readonly pending: PendingDecisions;
}

export async function readSurroundings(
  storage: Storage,
  change: Change,
  context: MatchingContext,
): Promise<Surroundings> {
  const ids = [...touchedBy(change, context)];
  const touched = JSON.stringify(ids);
  const these = "(select value from json_each(?1))";
  const around = `(select id from unit where component in (
    select component from unit where id in ${these}))`;
  const { match } = context.model.thresholds;
  // Whoever is new and meets nobody touches nothing.
  const [unitRows = [], recordRows = [], pairRows = [], linkRows = [], refusalRows = []] =
    ids.length === 0
      ? []
      : await storage.read([
          { sql: `${SELECT_UNITS} where id in ${around}`, args: [touched] },
          { sql: `${SELECT_RECORDS} where unit in ${around}`, args: [touched] },
          {
            sql: `select a, b, weight from pair where a in ${around} and weight >= ?2`,
            args: [touched, match],
          },
          { sql: `select a, b, kind, by, weight from link where a in ${around}`, args: [touched] },
          {
            sql: `select n, reason, a, b, kind, by, weight from refusal
              where resolved_ms is null and a in ${around}`,
            args: [touched],
          },
        ]);
  const units = overlayUnits(unitRows, change.units);
  const records = [
    ...recordRows.map((row) => unitRecordOf(row)).filter(({ id }) => !change.units.records.has(id)),
    ...change.units.records.values(),
  ].filter(({ unit }) => units.has(unit));
  const filled = new Set(records.map(({ unit }) => unit));
  return {
    units,
    records,
    empty: [...units.values()].filter(({ id }) => !filled.has(id)),
    pairs: overlayPairs(pairRows, change.pairs, units, match),
    links: linkRows.map((row) => linkOf(row)),
    refusals: refusalRows.map((row) => ({ ...refusalOf(row), n: numberOf(row, "n") })),
    ...(await readRules(storage, units, change, context)),
  };
}

/** Ids of stored units whose components have to be made anew. */
function touchedBy({ units, filing, pairs }: Change, { model }: MatchingContext): Set<string> {
  const touched = new Set(
    [...units.removed, ...units.restated, ...units.compared].map(({ id }) => id),
  );
  for (const { before, after, tiedBefore, ties } of filing.keys.values()) {
    if (tiedBefore) for (const id of before ?? []) touched.add(id);
    if (ties) for (const id of after ?? []) touched.add(id);
  }
  for (const { a, b, weight } of [...pairs.kept, ...pairs.gone]) {
    if (weight >= model.thresholds.match) touched.add(a).add(b);
  }
  return touched;
}

function overlayUnits(rows: readonly Row[], changes: UnitChanges): Map<string, UnitState> {
  const units = new Map(rows.map((row) => [textOf(row, "id"), unitStateOf(row)]));
  for (const { id } of changes.removed) units.delete(id);
  for (const unit of [...changes.restated, ...changes.compared, ...changes.added]) {
    units.set(unit.id, unit);
  }
  return units;
}

function overlayPairs(
  rows: readonly Row[],
  { kept, gone }: PairChanges,
  units: ReadonlyMap<string, UnitState>,
  match: number,
): ScoredPair[] {
  const pairs = new Map(
    rows.map((row) => pairOf(row)).map((each) => [`${each.a} ${each.b}`, each]),
  );
  for (const { a, b } of gone) pairs.delete(`${a} ${b}`);
  for (const each of kept) pairs.set(`${each.a} ${each.b}`, each);
  return [...pairs.values()].filter(
    ({ a, b, weight }) => weight >= match && units.has(a) && units.has(b),
  );
}

async function readRules(
  storage: Storage,
  units: ReadonlyMap<string, UnitState>,
  { filing, pending }: Change,
  context: MatchingContext,
): Promise<Pick<Surroundings, "decisions" | "powerless" | "overnamed">> {
  const all = [...units.values()];
  const keys = [...new Set(all.flatMap(({ keyList }) => keyList))];
  const unread = keys.filter((key) => context.isStrong(key) && !filing.keys.has(key));
  const tags = [...new Set(all.flatMap(({ tags: own }) => own.map(decisionOfTag)))];
  // A query costs as much as its answer, and most units are asked about nothing here.
  const queries = [
    ...powerQueries(unread, context),
    ...(tags.length === 0 ? [] : [decisionQuery(tags)]),
  ];
  const answers = await storage.read(queries);
  const decided = tags.length === 0 ? [] : (answers.pop() ?? []);
  const named = answers.flat();
  const overnamed = new Set(
    named.filter((row) => row["many"] !== null).map((row) => textOf(row, "key")),
  );
  const nobodys = named.filter((row) => row["nobodys"] === 1).map((row) => textOf(row, "key"));
  const powerless = new Set([...nobodys, ...overnamed]);
  for (const key of keys) {
    const filed = filing.keys.get(key);
    if (filed ? !filed.ties : !context.isStrong(key)) powerless.add(key);
    if (filed && filed.after === null) overnamed.add(key);
  }
  const decisions = [
    ...decided.map((row) => decisionOf(row)),
    ...pending.added.map(({ id, kind }) => ({ id, kind })),
  ];
  return { powerless, overnamed, decisions: new Map(decisions.map((each) => [each.id, each])) };
}

/** One for each limit that some of the keys have. */
const powerQueries = (keys: readonly IdentityKey[], context: MatchingContext): Statement[] =>
  [...Map.groupBy(keys, (key) => context.mostUnits(key))].map(([most, own]) =>
    powerQuery(own, most),
  );

const powerQuery = (keys: readonly IdentityKey[], most: number): Statement => ({
  sql: `select k.value as key,
          (select 1 from unit_key where key = k.value limit 1 offset ?2) as many,
          exists (select 1 from blocked_key where key = k.value) as nobodys
        from json_each(?1) k`,
  args: [JSON.stringify(keys), most],
});

const decisionQuery = (ids: readonly string[]): Statement => ({
  sql: "select id, kind from steward_decision where id in (select value from json_each(?))",
  args: [JSON.stringify(ids)],
});

const decisionOf = (row: Row): Decision => ({
  id: textOf(row, "id"),
  kind: row["kind"] === "same" ? "same" : "different",
});

export const linkOf = (row: Row): Link => ({
  a: textOf(row, "a"),
  b: textOf(row, "b"),
  kind: kindOf(row),
  by: textOf(row, "by") || null,
  weight: row["weight"] === null ? null : numberOf(row, "weight"),
});

export const refusalOf = (row: Row): Refusal => ({
  ...linkOf(row),
  reason: REFUSALS.find((each) => each === row["reason"]) ?? ("bridge" satisfies RefusalReason),
});

function kindOf(row: Row): Link["kind"] {
  const kind = textOf(row, "kind");
  return kind === "deterministic" || kind === "steward" ? kind : "probabilistic";
}
