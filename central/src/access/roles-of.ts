/** Roles as the database holds them. */
import { type Role, roleSchema } from "@regulars/shared/access/roles";
import { type Row, textOf } from "@regulars/shared/storage/port";

/** A role that this build does not know opens nothing. */
export function rolesOf(row: Row): Role[] {
  const roles: unknown = JSON.parse(textOf(row, "roles"));
  if (!Array.isArray(roles)) return [];
  return roles.flatMap((role) => {
    const known = roleSchema.safeParse(role);
    return known.success ? [known.data] : [];
  });
}
