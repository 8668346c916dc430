/** The ack ladder as contiguous watermarks of one (source, epoch): every event up to the number has come that far. */
import { z } from "zod";

export const marksSchema = z.object({
  accepted: z.int().min(0),
  merged: z.int().min(0),
  golden: z.int().min(0),
});
export type Marks = z.infer<typeof marksSchema>;
export const NO_MARKS: Marks = { accepted: 0, merged: 0, golden: 0 };
