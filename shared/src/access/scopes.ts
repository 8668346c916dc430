/** What an API key may be for. */
import { z } from "zod";

export const SCOPES = [
  "segment",
  "webhooks",
  "events",
  /** Look up and read profiles. */
  "profiles",
  /** Say what a customer wants changed: claims, consents. */
  "profiles:write",
  /** The desk of what arrived: list, show, replay. */
  "intake",
  /** Accounts, their keys, and tills. */
  "admin",
] as const;

export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;
