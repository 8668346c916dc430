/**
 * Potential matches, kept in a table of their own: pairs of customers of whom probability or protection says that they may be
 * one person, and of whom no steward has said anything yet. A page of the queue must not read all of them, so each write that
 * changes what a pair rests on makes the pairs of the customers concerned anew; nothing else is ever added or taken away.
 */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import type { Refusal } from "../matching/clusters.ts";
import type { Component } from "./components.ts";
import type { PairChanges } from "./pair-changes.ts";
import {
  CONFLICT,
  LIKELY,
  POTENTIAL_REASONS,
  REASON_BITS,
  UNKNOWN_LIKELY,
  VALUE,
  WEIGHT_MOST,
  WEIGHT_STEPS,
} from "./potential-priority.ts";
import type { Surroundings } from "./surroundings.ts";
import type { UnitChanges } from "./unit-changes.ts";

/** Raised with what the table would hold of the same evidence, so that a database of an older build is filled anew. */
export const POTENTIAL = 1;

/** What a write has changed of that on which potential matches rest. */
export interface PotentialChange {
  /** As they are called after the write; whose they are then is read from the table. */
  readonly units: ReadonlySet<string>;
  /** Whose they were. */
  readonly customers: ReadonlySet<CustomerId>;
}

export function potentialChangeOf(
  { added, removed, restated, compared }: UnitChanges,
  { kept, gone }: PairChanges,
  around: Surroundings,
  components: readonly Component[],
  customerOf: (unit: string) => CustomerId | undefined,
): PotentialChange {
  const changed = [...added, ...removed, ...restated, ...compared];
  const moved = [...around.units.values()].filter(
    ({ id, customer }) => customer !== customerOf(id),
  );
  const ends = [...kept, ...gone, ...changedRefusals(around, components)];
  const units = new Set([
    ...[...changed, ...moved].map(({ id }) => id),
    ...ends.flatMap(({ a, b }) => [a, b]),
  ]);
  const before = [...changed, ...moved].map(({ customer }) => customer);
  return { units, customers: new Set(before.filter((id) => id !== null)) };
}

const nameOf = ({ a, b, reason, weight }: Refusal): string =>
  JSON.stringify([reason, weight, ...[a, b].toSorted()]);

/** Those that are new, and those that are no more. */
function changedRefusals(around: Surroundings, components: readonly Component[]): Refusal[] {
  const after = components.flatMap(({ clustering }) => clustering.refusals);
  const [was, is] = [around.refusals, after].map((all) => new Set(all.map(nameOf)));
  return [
    ...after.filter((each) => was?.has(nameOf(each)) !== true),
    ...around.refusals.filter((each) => is?.has(nameOf(each)) !== true),
  ];
}

/** The last statements of a write: they read what the others have written. `sold`: whose sales it may have changed. */
export function potentialStatements(
  change: PotentialChange | null,
  sold: ReadonlySet<CustomerId>,
): Statement[] {
  if (!change) return salesStatements(sold);
  const args = [JSON.stringify([...change.customers, ...sold]), JSON.stringify([...change.units])];
  return [
    { sql: `delete from potential where one in (${TOUCHED})`, args },
    { sql: `delete from potential where two in (${TOUCHED})`, args },
    { sql: insertFrom(EVIDENCE_OF_TOUCHED), args: [...args, ...TABLES] },
  ];
}

/** The whole table. */
export const fillStatements = (): Statement[] => [
  { sql: "delete from potential" },
  { sql: insertFrom(ALL_EVIDENCE), args: ["[]", "[]", ...TABLES] },
];

const TOUCHED = `select value from json_each(?1)
  union select customer from unit where id in (select value from json_each(?2))`;

const REASONS = POTENTIAL_REASONS.map((reason) => `'${reason}'`).join(", ");
const REFUSED = `r.resolved_ms is null and r.reason in (${REASONS})`;
const WEIGHED = `coalesce(r.weight, (select weight from pair p where p.a = r.a and p.b = r.b))`;

/** From each end, for either may be the one that is touched. */
const EVIDENCE_OF_TOUCHED = `own(id) as (
    select u.id from (${TOUCHED}) t cross join unit u on u.customer = t.value),
  evidence(reason, weight, a, b) as (
    select 'probability', p.weight, p.a, p.b from own cross join pair p on p.a = own.id
    union select 'probability', p.weight, p.a, p.b from own cross join pair p on p.b = own.id
    union select r.reason, ${WEIGHED}, r.a, r.b from own cross join refusal r on r.a = own.id and ${REFUSED}
    union select r.reason, ${WEIGHED}, r.a, r.b from own cross join refusal r on r.b = own.id and ${REFUSED})`;

const ALL_EVIDENCE = `evidence(reason, weight, a, b) as (
    select 'probability', p.weight, p.a, p.b from pair p
    union select r.reason, ${WEIGHED}, r.a, r.b from refusal r where ${REFUSED})`;

const caseOf = (numberOf: (reason: (typeof REASON_BITS)[number], at: number) => number): string =>
  `case reason ${REASON_BITS.map((reason, at) => `when '${reason}' then ${numberOf(reason, at)}`).join(" ")} end`;

/** Values of both tables, rather than in the text of a statement that is prepared with every write. */
const TABLES = [JSON.stringify(LIKELY), JSON.stringify(VALUE)];
const STEP = `min(${LIKELY.length - 1}, max(0, cast(round((weight + ${WEIGHT_MOST}) * ${WEIGHT_STEPS}) as integer)))`;
const LIKELY_OF = `case when weight is null then ${UNKNOWN_LIKELY}
  else json_extract(?3, '$[' || ${STEP} || ']') end`;

const salesOf = (id: string): string =>
  `coalesce((select c.sales from customer c where c.id = ${id}), 0)`;
const valueOf = (values: string): string =>
  `json_extract(${values}, '$[' || max(0, min(${VALUE.length - 1}, ${salesOf("one")}, ${salesOf("two")})) || ']')`;

/** Of several records that say so, those whose evidence weighs most; of equal weights the first. */
const insertFrom = (evidence: string): string => `with ${evidence},
  sided as (
    select reason, weight, min(a.customer, b.customer) as one, max(a.customer, b.customer) as two,
      iif(a.customer < b.customer, a.first_record, b.first_record) as record_one,
      iif(a.customer < b.customer, b.first_record, a.first_record) as record_two
    from evidence e cross join unit a on a.id = e.a cross join unit b on b.id = e.b
    where a.customer <> b.customer),
  told as (
    select one, two, max(weight) as weight, max(${caseOf((reason) => CONFLICT[reason])}) as conflict,
      sum(distinct ${caseOf((_, at) => 1 << at)}) as reasons
    from sided group by one, two),
  best as (
    select one, two, record_one, record_two, row_number() over (partition by one, two
      order by weight is null, weight desc, record_one || ' ' || record_two) as place from sided),
  open as (
    select one, two, record_one, record_two, weight, reasons, ${LIKELY_OF} + conflict as evidence
    from told join best using (one, two) where place = 1 and not exists (${DECIDED}))
  insert into potential (one, two, record_one, record_two, weight, reasons, evidence, rank)
  select one, two, record_one, record_two, weight, reasons, evidence, -evidence - ${valueOf("?4")}
  from open`;

/** A steward holds them apart. */
const DECIDED = `select 1 from source_record x
  cross join steward_side s on s.record = x.id
  cross join steward_decision d on d.id = s.decision and d.kind = 'different'
  cross join steward_side o on o.decision = s.decision and o.side <> s.side
  cross join source_record y on y.id = o.record
  where x.customer = told.one and y.customer = told.two and d.undone_ms is null`;

/** Sales alone change no more than the place in the queue. */
function salesStatements(sold: ReadonlySet<CustomerId>): Statement[] {
  if (sold.size === 0) return [];
  const args = [JSON.stringify([...sold]), ...TABLES.slice(1)];
  return ["one", "two"].map((side) => ({
    sql: `update potential set rank = -evidence - ${valueOf("?2")}
          where ${side} in (select value from json_each(?1))`,
    args,
  }));
}
