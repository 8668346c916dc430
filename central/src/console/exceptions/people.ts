/** People by their ids, as colleagues call them, and those who may work exceptions. */
import { roleSchema } from "@regulars/shared/access/roles";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { grantOf } from "../../access/person.ts";

/** Checks are nobody, but stand where people stand. */
const CHECKS = "checks";

export type Names = (id: string) => string;

export const namesQuery = (ids: readonly string[]): Statement => ({
  sql: "select p.id, p.name from json_each(?1) j cross join person p on p.id = j.value",
  args: [JSON.stringify(ids)],
});

/** An id whose person is gone is shown as it is. */
export async function readNames(storage: Storage, ids: readonly (string | null)[]): Promise<Names> {
  const asked = [...new Set(ids)].filter((id) => id !== null && id !== CHECKS);
  const [rows = []] =
    asked.length === 0 ? [[]] : await storage.read([namesQuery(asked.flatMap((id) => id ?? []))]);
  const names = new Map(rows.map((row) => [textOf(row, "id"), textOf(row, "name")]));
  return (id) => (id === CHECKS ? "The checks" : (names.get(id) ?? id));
}

export interface Colleague {
  readonly id: string;
  readonly name: string;
}

const COLLEAGUES_MAX = 200;
const rolesText = z
  .string()
  .transform((text) => z.array(roleSchema).catch([]).parse(JSON.parse(text)));

/** By name; all of head office is few. */
export async function readColleagues(storage: Storage): Promise<Colleague[]> {
  const rows = await rowsOf(
    storage,
    "select id, name, roles from person where disabled_ms is null order by name limit ?",
    [COLLEAGUES_MAX],
  );
  return rows.flatMap((row) => {
    const [id, name] = [textOf(row, "id"), textOf(row, "name")];
    const roles = rolesText.parse(row["roles"]);
    return grantOf({ id, name, roles }, "exceptions.work") ? [{ id, name }] : [];
  });
}
