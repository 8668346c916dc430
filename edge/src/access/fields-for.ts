/** What the table says of a caller. */
import type { Action, FieldGroup } from "@regulars/shared/access/actions";
import { type Row, TABLE } from "@regulars/shared/access/table";
import type { Caller } from "./caller.ts";

export function rowsOf(caller: Caller): readonly Row[] {
  if (caller.kind !== "connector") return [caller.kind];
  return caller.scopes.map((scope) => `connector:${scope}` as const);
}

/** By action and rows: there are few of both. */
const answers = new Map<string, ReadonlySet<FieldGroup> | null>();

/**
 * The groups of fields that the caller may be shown by the action, the same set for whoever may be shown the same; null where
 * it is denied.
 */
export function fieldsFor(caller: Caller, action: Action): ReadonlySet<FieldGroup> | null {
  const rows = rowsOf(caller);
  const name = `${action} ${rows.join(" ")}`;
  const known = answers.get(name);
  if (known !== undefined) return known;
  const granted = rows.flatMap((row) => {
    const fields = TABLE[row][action];
    return fields ? [fields] : [];
  });
  const fields = granted.length > 0 ? new Set(granted.flat()) : null;
  answers.set(name, fields);
  return fields;
}
