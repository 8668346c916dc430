/** What a person at the console may be; somebody may have several. */
import { z } from "zod";

export const ROLES = ["read_only", "operations", "steward", "privacy", "admin"] as const;

export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;
