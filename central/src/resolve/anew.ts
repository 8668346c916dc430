/**
 * Everybody resolved anew, because the model or the matching policy has changed: page by page, each one write that also says
 * how far it is. What arrives meanwhile is resolved by the new rules already. When the last record of a component has been
 * looked at, all its pairs are by the new rules, so the end is what a fresh database would come to (IDN2).
 */
import { canonicalJson, sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { carryOver } from "./carry-over.ts";
import type { MatchingContext } from "./matching-context.ts";
import { fillStatements, POTENTIAL } from "./potential.ts";
import { reexamine } from "./reexamine.ts";

export interface AnewProgress {
  readonly model: string;
  readonly policy: number;
  /** Source records that were looked at, of all. */
  readonly done: number;
  readonly total: number;
  readonly isDone: boolean;
}

const setting = (name: string, value: string): Statement => ({
  sql: "insert or replace into resolution (name, value) values (?, ?)",
  args: [name, value],
});

/**
 * Of the code that reads, compares and clusters: raised by whoever changes what it comes to for the same records, so that a
 * database of an older build is resolved anew as well.
 */
const ENGINE = 4;

const rulesOf = ({ model, policy }: MatchingContext): string =>
  sha256Hex(canonicalJson([ENGINE, JSON.stringify(model), JSON.stringify(policy)]));

/** Before anything is taken in: everything has a unit, and it is known by which rules. Not to be run beside an intake. */
export async function prepareResolution(storage: Storage, context: MatchingContext): Promise<void> {
  await carryOver(storage, context);
  await fillPotential(storage);
  const rules = rulesOf(context);
  const rows = await rowsOf(
    storage,
    `select value, exists (select 1 from source_record) as is_used
     from (select 1) left join resolution on name = 'rules'`,
  );
  if (rows[0]?.["value"] === rules) return;
  const isUsed = rows[0]?.["is_used"] === 1;
  await storage.write([setting("rules", rules), ...(isUsed ? [setting("cursor", "")] : [])]);
}

/** Potential matches of a database from before there was a table of them, or whose table is by other rules. */
async function fillPotential(storage: Storage): Promise<void> {
  const [row] = await rowsOf(storage, "select value from resolution where name = 'potential'");
  if (row?.["value"] === String(POTENTIAL)) return;
  await storage.write([...fillStatements(), setting("potential", String(POTENTIAL))]);
}

/** One page. Answers whether there is more. Not to be run beside an intake. */
export async function anewPage(
  storage: Storage,
  context: MatchingContext,
  policy: Policy,
  nowMs: number,
): Promise<boolean> {
  const [cursor] = await rowsOf(storage, "select value from resolution where name = 'cursor'");
  if (!cursor) return false;
  const rows = await rowsOf(
    storage,
    "select id from source_record where id > ? order by id limit ?",
    [textOf(cursor, "value"), LIMITS.anewRecords],
  );
  const ids = rows.map((row) => textOf(row, "id"));
  const last = ids.at(-1);
  if (last === undefined) {
    await storage.write([{ sql: "delete from resolution where name = 'cursor'" }]);
    return false;
  }
  const { statements } = await reexamine(storage, { ids }, { matching: context, policy }, nowMs);
  await storage.write([...statements, setting("cursor", last)]);
  return true;
}

export async function readAnewProgress(
  storage: Storage,
  { model, policy }: MatchingContext,
): Promise<AnewProgress> {
  const [row] = await rowsOf(
    storage,
    `select (select count(*) from source_record) as total, r.value is null as is_done,
       (select count(*) from source_record where r.value is null or id <= r.value) as done
     from (select 1) left join resolution r on r.name = 'cursor'`,
  );
  if (!row) throw new Error("a count without a row");
  return {
    model: model.version,
    policy: policy.version,
    done: numberOf(row, "done"),
    total: numberOf(row, "total"),
    isDone: numberOf(row, "is_done") === 1,
  };
}
