import { z } from "zod";

/** What a loyalty program that is kept elsewhere says of a member's points. Its ledger is there; this is its word. */
export const loyaltySchema = z.object({
  program: z.string().min(1).max(64),
  balancePoints: z.int(),
  lifetimePoints: z.int().optional(),
});
export type Loyalty = z.infer<typeof loyaltySchema>;
