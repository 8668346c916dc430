/** The truth, read only when there is something to score: who a record is, or whether a pair is one person. */
import { existsSync } from "node:fs";
import { CommandFailure } from "../command.ts";
import { idsOf } from "./read-records.ts";
import { readTable, type Table } from "./read-table.ts";

export type Truth =
  | { readonly kind: "people"; readonly personOf: ReadonlyMap<string, string> }
  | { readonly kind: "pairs"; readonly pairs: readonly (readonly [string, string, boolean])[] };

export interface TruthRequest {
  readonly id: string;
  readonly truth: string | undefined;
  readonly pattern: RegExp | null;
}

/** A column of every file, or the name of a file. */
export function isColumn(
  tables: readonly Table[],
  { truth }: Pick<TruthRequest, "truth">,
): boolean {
  return truth !== undefined && tables.every(({ columns }) => columns.includes(truth));
}

/** Told before the work, not after it, when the truth cannot be read at all. */
export function checkTruth(tables: readonly Table[], request: TruthRequest): void {
  const { truth } = request;
  if (truth === undefined || isColumn(tables, request) || existsSync(truth)) return;
  throw new CommandFailure(`The truth "${truth}" is neither a column of the records nor a file.`);
}

export async function readTruth(
  tables: readonly Table[],
  request: TruthRequest,
): Promise<Truth | null> {
  const { truth, pattern } = request;
  if (truth === undefined) return null;
  const ids = idsOf(tables, request.id);
  if (isColumn(tables, request)) {
    const personOf = new Map<string, string>();
    for (const [file, table] of tables.entries()) {
      const at = table.columns.indexOf(truth);
      for (const [row, values] of table.rows.entries()) {
        const id = ids[file]?.[row] ?? "";
        const where = `${table.name}, record ${row + 1}`;
        personOf.set(id, personIn({ id, value: values[at] ?? "", where }, pattern));
      }
    }
    return { kind: "people", personOf };
  }
  return truthOfFile(await readTable(truth), ids.flat(), request);
}

function truthOfFile(table: Table, ids: readonly string[], { id, pattern }: TruthRequest): Truth {
  const { columns, rows } = table;
  const left = columns.find((name) => /_l$/i.test(name));
  const right = columns.find(
    (name) => name === left?.replace(/l$/i, (end) => (end === "l" ? "r" : "R")),
  );
  if (left !== undefined && right !== undefined)
    return truthOfPairs(table, left, right, new Set(ids));
  const idAt = Math.max(columns.indexOf(id), 0);
  const personAt = columns.findIndex((_name, at) => at !== idAt);
  if (personAt === -1) {
    throw new CommandFailure(`${table.name} has one column; an id and a person are needed.`);
  }
  const known = new Map(
    rows.map(
      (row, at) =>
        [
          row[idAt] ?? "",
          { value: row[personAt] ?? "", where: `${table.name}, record ${at + 1}` },
        ] as const,
    ),
  );
  const missing = ids.filter((each) => !known.has(each)).length;
  if (missing > 0) {
    throw new CommandFailure(
      `${table.name} says nothing of ${missing} of the ${ids.length} records.`,
    );
  }
  return {
    kind: "people",
    personOf: new Map(
      ids.map((each) => {
        const { value = "", where = table.name } = known.get(each) ?? {};
        return [each, personIn({ id: each, value, where }, pattern)];
      }),
    ),
  };
}

/** Files of labelled pairs: `…_l`, `…_r`, and a score of which one half or more means one person. */
function truthOfPairs(
  { name, columns, rows }: Table,
  left: string,
  right: string,
  ids: ReadonlySet<string>,
): Truth {
  const score = columns.findIndex((column) => /score|label|match/i.test(column));
  if (score === -1) throw new CommandFailure(`${name} has no column with a score for its pairs.`);
  const [leftAt, rightAt] = [columns.indexOf(left), columns.indexOf(right)];
  const pairs = rows.map(
    (row) => [row[leftAt] ?? "", row[rightAt] ?? "", Number(row[score]) >= 0.5] as const,
  );
  // Counted as not found, they would look like errors of matching.
  const strange = pairs.findIndex(([a, b]) => !ids.has(a) || !ids.has(b));
  if (strange !== -1) {
    throw new CommandFailure(
      `${name}, record ${strange + 1}: the pair names a record that is not there.`,
    );
  }
  return { kind: "pairs", pairs };
}

interface TruthOfRecord {
  readonly id: string;
  readonly value: string;
  readonly where: string;
}

/** Records of unknown people are each their own person. */
function personIn({ id, value, where }: TruthOfRecord, pattern: RegExp | null): string {
  // No cell has this sign, for it would not be told from a person's.
  if (value === "") return `\0${id}`;
  if (pattern === null) return value;
  const match = pattern.exec(value);
  if (!match) throw new CommandFailure(`${where}: the truth does not match --truth-pattern.`);
  return match[1] ?? match[0];
}
