import { z } from "zod";
import { LIMITS } from "../limits.ts";
import { ownName } from "./trait.ts";

/** What a loyalty program that is kept elsewhere says of a member's points. Its ledger is there; this is its word. */
export const loyaltySchema = z.object({
  program: ownName(LIMITS.programChars),
  balancePoints: z.int(),
  lifetimePoints: z.int().optional(),
});
export type Loyalty = z.infer<typeof loyaltySchema>;
