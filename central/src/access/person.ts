/** Who sits at the console, once that is proven. */
import type { ConsoleAction, FieldGroup } from "@regulars/shared/access/actions";
import type { Role } from "@regulars/shared/access/roles";
import { CONSOLE_TABLE } from "@regulars/shared/access/table";

export interface Person {
  readonly id: string;
  /** As shown to colleagues. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** The groups of fields that the person may be shown by the action; null where it is denied. */
export function grantOf(person: Person, action: ConsoleAction): ReadonlySet<FieldGroup> | null {
  const granted = person.roles.flatMap((role) => {
    const fields = CONSOLE_TABLE[role][action];
    return fields ? [fields] : [];
  });
  return granted.length > 0 ? new Set(granted.flat()) : null;
}
