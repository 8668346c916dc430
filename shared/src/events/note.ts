import { z } from "zod";
import { LIMITS } from "../limits.ts";

/** What an associate wrote about a customer. */
export const noteSchema = z.object({
  text: z.string().min(1).max(LIMITS.noteChars),
  staff: z.string().max(64).optional(),
});
export type Note = z.infer<typeof noteSchema>;
