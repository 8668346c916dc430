/**
 * The tables of identity resolution. All but stewards' decisions, policies and the history of refusals can be made anew from
 * the source records at any time, and hold what a batch over all of them would give (IDN2).
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Source records that resolution cannot tell apart; the id is a digest of what it knows of them. */
export const unit = sqliteTable(
  "unit",
  {
    /** What `unit_block` and `unit_key` call it: a number takes a tenth of the room, and both are long. */
    n: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull().unique(),
    ownKey: text("own_key").notNull(),
    /** First stamp of its earliest record, and that record. */
    first: text().notNull(),
    firstRecord: text("first_record").notNull(),
    customer: text().notNull(),
    /** The same for all units whose clusters may depend on each other. */
    component: text().notNull(),
    /** Key → earliest stamp over its records, packed, as are `features`. */
    keys: text().notNull(),
    /** Keys whose values are nobody's, as its claims reveal. */
    nobody: text().notNull(),
    /** `decision/side` of the stewards' decisions that name its records. */
    tags: text().notNull(),
    /** Those that are not empty. */
    features: text().notNull(),
  },
  (table) => [
    index("unit_component").on(table.component),
    index("unit_own_key").on(table.ownKey),
    index("unit_customer").on(table.customer),
  ],
);

/** Which units are filed under which code; the code as a number of 53 bits, the unit by its number. */
export const unitBlock = sqliteTable(
  "unit_block",
  { block: integer().notNull(), unit: integer().notNull() },
  (table) => [primaryKey({ columns: [table.block, table.unit] })],
);

export const unitKey = sqliteTable(
  "unit_key",
  { key: text().notNull(), unit: integer().notNull() },
  (table) => [primaryKey({ columns: [table.key, table.unit] })],
);

/** Which units reveal that a key's value is nobody's. */
export const blockedKey = sqliteTable(
  "blocked_key",
  { key: text().notNull(), unit: text().notNull() },
  (table) => [primaryKey({ columns: [table.key, table.unit] })],
);

/** Pairs of units that probability holds for one person, or for worth a question; `a` sorts before `b`. */
export const pair = sqliteTable(
  "pair",
  { a: text().notNull(), b: text().notNull(), weight: real().notNull() },
  (table) => [
    primaryKey({ columns: [table.a, table.b] }),
    index("pair_b").on(table.b),
    index("pair_weight").on(table.weight),
  ],
);

/** Evidence that joined two units. Within a unit the own key is the evidence. */
export const link = sqliteTable(
  "link",
  {
    a: text().notNull(),
    b: text().notNull(),
    kind: text({ enum: ["deterministic", "probabilistic", "steward"] }).notNull(),
    /** The key, or the id of the steward's decision; empty for a probability. */
    by: text().notNull(),
    weight: real(),
    createdMs: integer("created_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.a, table.b] }), index("link_b").on(table.b)],
);

/** Evidence that would have joined two units and was not allowed to; kept when it is no longer so (IDN3). */
export const refusal = sqliteTable(
  "refusal",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    reason: text().notNull(),
    a: text().notNull(),
    b: text().notNull(),
    kind: text().notNull(),
    by: text().notNull(),
    weight: real(),
    /** The earliest records of both units, as they were then. */
    recordA: text("record_a").notNull(),
    recordB: text("record_b").notNull(),
    atMs: integer("at_ms").notNull(),
    resolvedMs: integer("resolved_ms"),
  },
  (table) => [
    index("refusal_standing")
      .on(table.a)
      .where(sql`resolved_ms is null`),
    index("refusal_standing_b")
      .on(table.b)
      .where(sql`resolved_ms is null`),
  ],
);

/** Pairs of customers who may be one person, and of whom no steward has said anything; `one` sorts before `two`. */
export const potential = sqliteTable(
  "potential",
  {
    one: text().notNull(),
    two: text().notNull(),
    /** The priority in thousandths, negative: an index that goes up brings the first ones first. */
    rank: integer().notNull(),
    /** Of the priority, what does not depend on sales. */
    evidence: integer().notNull(),
    /** Log2 odds of the evidence that weighs most; null where nobody has compared them. */
    weight: real(),
    /** One bit for each reason. */
    reasons: integer().notNull(),
    /** Of the evidence that weighs most. */
    recordOne: text("record_one").notNull(),
    recordTwo: text("record_two").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.one, table.two] }),
    index("potential_rank").on(table.rank, table.one, table.two),
    index("potential_two").on(table.two),
  ],
);

/** Every decision of a steward, also when it was undone. What a pin or an ignore says is in `override`. */
export const stewardDecision = sqliteTable(
  "steward_decision",
  {
    n: integer().primaryKey({ autoIncrement: true }),
    /** Given by whoever decides, so that a decision sent twice is one. */
    id: text().notNull().unique(),
    kind: text({ enum: ["same", "different", "pin", "ignore"] }).notNull(),
    /** Source records on both sides, as JSON; of a pin or an ignore, the one that it hangs on. */
    a: text().notNull(),
    b: text().notNull(),
    /** As it was sent: sent again it is the same, and anything else under this id is refused. */
    request: text().notNull(),
    decidedBy: text("decided_by").notNull(),
    note: text(),
    atMs: integer("at_ms").notNull(),
    undoneMs: integer("undone_ms"),
    undoneBy: text("undone_by"),
  },
  (table) => [index("steward_decision_by").on(table.decidedBy, table.n)],
);

/** Which source records a standing decision names, on which side. */
export const stewardSide = sqliteTable(
  "steward_side",
  { record: text().notNull(), decision: text().notNull(), side: integer().notNull() },
  (table) => [
    primaryKey({ columns: [table.record, table.decision, table.side] }),
    index("steward_side_decision").on(table.decision),
  ],
);

/** Every matching policy there was; the highest version holds. */
export const matchingPolicy = sqliteTable("matching_policy", {
  version: integer().primaryKey(),
  atMs: integer("at_ms").notNull(),
  policy: text().notNull(),
  /** Null where an older build has published it. */
  by: text(),
});

/** What resolution keeps of itself: by which rules it has worked and how far. */
export const resolution = sqliteTable("resolution", {
  name: text().primaryKey(),
  value: text().notNull(),
});
