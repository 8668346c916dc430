/**
 * Units that no stored source record belongs to: records were lost, and what was made of them is still there. They would
 * stand for nobody, and hold up whatever arrives for those who are filed with them. Units are made anew from records at any
 * time, so these are let go, and come back with their records.
 */
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { NUMBERED, PAIRS_OF } from "./write-units.ts";
import type { MatchingContext } from "./matching-context.ts";
import { blockNumbersOf } from "./unit.ts";
import type { UnitState } from "./unit-changes.ts";

export async function letGoEmpty(
  storage: Storage,
  units: readonly UnitState[],
  context: MatchingContext,
  nowMs: number,
): Promise<void> {
  const ids = JSON.stringify(units.map(({ id }) => id));
  const these = "(select value from json_each(?))";
  const codes = (codesOf: (unit: UnitState) => readonly (string | number)[]): string =>
    JSON.stringify(units.flatMap((unit) => codesOf(unit).map((code) => [code, unit.id])));
  const ofEnds = (sql: string): Statement[] =>
    ["a", "b"].map((end) => ({ sql: `${sql} ${end} in ${these}`, args: [ids] }));
  await storage.write([
    fromList(
      "unit_block",
      "block",
      codes((unit) => blockNumbersOf(unit, context)),
    ),
    fromList(
      "unit_key",
      "key",
      codes(({ keyList }) => keyList),
    ),
    fromList(
      "blocked_key",
      "key",
      codes(({ nobody }) => nobody),
    ),
    // Its number goes with it, by which codes and keys know it.
    { sql: `delete from unit where id in ${these}`, args: [ids] },
    ...ofEnds("delete from pair where"),
    ...ofEnds("delete from link where"),
    ...ofEnds(`update refusal set resolved_ms = ${nowMs} where resolved_ms is null and`),
  ]);
}

/** `rows`: codes and units, as JSON. */
const fromList = (
  table: "unit_block" | "unit_key" | "blocked_key",
  column: "block" | "key",
  rows: string,
): Statement => ({
  sql: `delete from ${table} where (${column}, unit) in (
          ${table === "blocked_key" ? PAIRS_OF : NUMBERED})`,
  args: [rows],
});
