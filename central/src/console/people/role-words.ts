/** Roles and what they are for, in words. */
import type { Role } from "@regulars/shared/access/roles";

export const ROLE_WORDS: Readonly<Record<Role, { readonly name: string; readonly does: string }>> =
  {
    read_only: {
      name: "Read only",
      does: "looks at days, exceptions, sources and quality; sees no customer",
    },
    operations: {
      name: "Operations",
      does: "works exceptions, imports settlement, replays intake, lets tills in and out",
    },
    steward: {
      name: "Steward",
      does: "finds customers, decides who is who, tries policies",
    },
    privacy: {
      name: "Privacy",
      does: "finds customers, sees their data in full, reads the audit",
    },
    admin: { name: "Admin", does: "everything, and who may what" },
  };

export const rolesInWords = (roles: readonly Role[]): string =>
  roles.length === 0 ? "No role" : roles.map((role) => ROLE_WORDS[role].name).join(", ");
