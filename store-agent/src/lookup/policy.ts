/**
 * The policy by which this till shows what it has captured over what the edge has merged: the newest that the edge has told
 * it of, so that both come to the same values (GLD2).
 */
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, type Policy, policySchema } from "@regulars/shared/survivorship/policy";

export async function loadPolicy(storage: Storage): Promise<Policy> {
  const [row] = await rowsOf(storage, "select value from setting where name = 'policy'");
  return row ? policySchema.parse(JSON.parse(textOf(row, "value"))) : DEFAULT_POLICY;
}

/** A lower version than known is old news. */
export function policyStatements(known: Policy, heard: Policy | undefined): Statement[] {
  if (!heard || heard.version <= known.version) return [];
  return [
    {
      sql: `insert into setting (name, value) values ('policy', ?)
            on conflict (name) do update set value = excluded.value`,
      args: [JSON.stringify(heard)],
    },
  ];
}
