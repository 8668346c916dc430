/** The records of one or two files: each with an id and what it says, without a look at the truth. */
import type { ClaimedKind } from "@regulars/shared/identity/key";
import { normaliseEmail } from "@regulars/shared/identity/email";
import { normaliseLoyaltyNumber } from "@regulars/shared/identity/loyalty";
import type { Features } from "../../central/src/matching/features.ts";
import { readFeatures, TEXT_FIELDS, type Texts } from "../../central/src/matching/read-features.ts";
import { CommandFailure } from "../command.ts";
import {
  type Columns,
  describeColumns,
  guessColumns,
  isUseless,
  KEY_ROLES,
  readMapping,
  type Role,
  ROLES,
} from "./columns.ts";
import { countryOf, dateOrderOf } from "./habits.ts";
import type { Table } from "./read-table.ts";

export interface EvaluatedRecord {
  /** As in the file; with the file's number before it where two files know the same id. */
  readonly id: string;
  readonly source: string;
  readonly features: Features;
  /** Normalised values by which it is known, by kind. */
  readonly values: Readonly<Record<ClaimedKind, string | null>>;
}

export interface RecordsRequest {
  readonly id: string;
  /** Columns that must not be read. */
  readonly hidden: readonly string[];
  readonly mapping: string | undefined;
  readonly country: string | undefined;
  /** ISO date; nobody is born after it. */
  readonly today: string;
  readonly tell: (sentence: string) => void;
}

/** In place of a column: records of a file that has no id are known by their number. */
export const ROW_NUMBER = "@row";

/** Ids by file, in the order of its rows. */
export function idsOf(tables: readonly Table[], column: string): string[][] {
  const ids = tables.map((table) => {
    if (column === ROW_NUMBER) return table.rows.map((_row, at) => String(at + 1));
    const at = table.columns.indexOf(column);
    if (at === -1) {
      throw new CommandFailure(
        `${table.name} has no column "${column}"; it has: ${table.columns.join(", ")}.`,
      );
    }
    return table.rows.map((row) => row[at] ?? "");
  });
  for (const [file, own] of ids.entries()) {
    const name = tables[file]?.name ?? "";
    const empty = own.indexOf("");
    if (empty !== -1)
      throw new CommandFailure(`${name}, record ${empty + 1}: the column "${column}" is empty.`);
    const seen = new Set<string>();
    for (const [at, id] of own.entries()) {
      if (seen.has(id))
        throw new CommandFailure(
          `${name}, record ${at + 1}: the id in "${column}" was there before.`,
        );
      seen.add(id);
    }
  }
  const [first = [], second = []] = ids;
  const known = new Set(first);
  const clash = second.some((id) => known.has(id));
  return clash ? ids.map((own, file) => own.map((id) => `${file + 1}/${id}`)) : ids;
}

export async function readRecords(
  tables: readonly Table[],
  request: RecordsRequest,
): Promise<EvaluatedRecord[]> {
  const ids = idsOf(tables, request.id);
  const hidden = new Set([request.id, ...request.hidden]);
  const read: EvaluatedRecord[] = [];
  for (const [file, table] of tables.entries()) {
    const columns = request.mapping
      ? await readMapping(request.mapping, table.columns)
      : guessColumns(table.columns, hidden);
    if (isUseless(columns)) {
      throw new CommandFailure(
        `${table.name} has no column by which people could be told apart; name them with --mapping.`,
      );
    }
    const said = request.mapping ? "as mapped" : "guessed from the names of the columns";
    request.tell(
      `${table.name}: ${table.rows.length} records; ${said}: ${describeColumns(columns)}.`,
    );
    // One by one: hundreds of thousands of records are too many arguments for one call.
    for (const record of recordsOf(table, columns, ids[file] ?? [], String(file + 1), request)) {
      read.push(record);
    }
  }
  return read;
}

function recordsOf(
  table: Table,
  columns: Columns,
  ids: readonly string[],
  source: string,
  { country: given, today, tell }: RecordsRequest,
): EvaluatedRecord[] {
  const places = ROLES.map(
    (role) => [role, (columns[role] ?? []).map((name) => table.columns.indexOf(name))] as const,
  );
  const said = table.rows.map((row) => {
    const texts: Partial<Record<Role, string>> = {};
    for (const [role, at] of places) {
      const text = at
        .map((place) => row[place] ?? "")
        .filter((value) => value !== "")
        .join(" ");
      if (text !== "") texts[role] = text;
    }
    return texts;
  });
  const country = given ?? countryOf(said);
  const order = dateOrderOf(
    said.map(({ birthDate = "" }) => birthDate),
    country,
  );
  tell(`${table.name}: country ${country ?? "unknown"}, dates are read ${order}.`);
  const options = { country, order, latest: today };
  return said.map((texts, at) => {
    const { features } = readFeatures(textsOf(texts), options);
    return { id: ids[at] ?? "", source, features, values: valuesOf(texts, features) };
  });
}

const textsOf = (texts: Readonly<Partial<Record<Role, string>>>): Texts =>
  Object.fromEntries(TEXT_FIELDS.flatMap((field) => (texts[field] ? [[field, texts[field]]] : [])));

function valuesOf(
  texts: Readonly<Partial<Record<Role, string>>>,
  { phone }: Features,
): EvaluatedRecord["values"] {
  return {
    loyalty: normaliseLoyaltyNumber(texts[KEY_ROLES.loyalty] ?? ""),
    email: normaliseEmail(texts[KEY_ROLES.email] ?? ""),
    phone: phone.startsWith("+") ? phone : null,
  };
}
