/** Which column says what: guessed from the names of columns, or told by a mapping. */
import { personColumnOf } from "@regulars/shared/identity/column-names";
import type { ClaimedKind } from "@regulars/shared/identity/key";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { z } from "zod";
import { TEXT_FIELDS, type TextField } from "../../central/src/matching/read-features.ts";
import { CommandFailure } from "../command.ts";

export type Role = TextField | "loyaltyNumber";
export const ROLES: readonly Role[] = [...TEXT_FIELDS, "loyaltyNumber"];

/** By role, the columns that say it, in their order: several are put together with a space. */
export type Columns = Readonly<Partial<Record<Role, readonly string[]>>>;

/** Of several columns with one role the first counts. */
export function guessColumns(names: readonly string[], not: ReadonlySet<string>): Columns {
  const columns: Partial<Record<Role, readonly string[]>> = {};
  for (const name of names) {
    if (not.has(name)) continue;
    const role = personColumnOf(name);
    if (role !== null) columns[role] ??= [name];
  }
  return columns;
}

const mappingSchema = z.partialRecord(
  z.enum(ROLES),
  z.union([z.string(), z.array(z.string()).min(1)]),
);

export async function readMapping(path: string, names: readonly string[]): Promise<Columns> {
  const file = basename(path);
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new CommandFailure(`The mapping ${file} cannot be read as JSON.`, { cause: error });
  }
  const mapping = mappingSchema.safeParse(json);
  if (!mapping.success) {
    throw new CommandFailure(
      `The mapping ${file} is not {"role": "column" or ["column", …]} with these roles: ${ROLES.join(", ")}.`,
    );
  }
  const entries = Object.entries(mapping.data).map(
    ([role, value]) => [role, [value].flat()] as const,
  );
  for (const [role, wanted] of entries) {
    const missing = wanted.find((column) => !names.includes(column));
    if (missing !== undefined) {
      throw new CommandFailure(
        `The mapping ${file} gives ${role} a column that the records do not have.`,
      );
    }
  }
  return Object.fromEntries(entries);
}

/** Nothing by which two people could be told apart. */
export function isUseless(columns: Columns): boolean {
  const telling: readonly Role[] = ["fullName", "givenName", "familyName", "birthDate", "birthYear", "email", "phone", "identifier", "loyaltyNumber", "street"]; // prettier-ignore
  return telling.every((role) => columns[role] === undefined);
}

export const describeColumns = (columns: Columns): string =>
  ROLES.flatMap((role) => (columns[role] ? [`${role} = ${columns[role].join(" + ")}`] : [])).join(
    ", ",
  );

export const KEY_ROLES = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<ClaimedKind, Role>;
