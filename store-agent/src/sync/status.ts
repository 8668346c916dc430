/** How the till stands with the edge. */
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { z } from "zod";
import { BLOCKED, loadLadder } from "./marks.ts";

const momentSchema = z.iso.datetime().nullable();

export const statusSchema = z.object({
  source: z.string(),
  epoch: z.int(),
  store: z.string(),
  /** Whether the last call to the edge was answered. */
  online: z.boolean(),
  /** Rows of this epoch that have come so far. */
  captured: z.int(),
  accepted: z.int(),
  merged: z.int(),
  golden: z.int(),
  /** When the oldest row was captured that has not come so far; null when all have. */
  oldest: z.object({ notAccepted: momentSchema, notMerged: momentSchema, notGolden: momentSchema }),
  /** Why the edge takes nothing more of this epoch; null when it does. */
  blocked: z.enum(BLOCKED).nullable(),
  /** Customers whose profiles are here. */
  workingSet: z.int(),
  /** Rows that the edge has set aside because it could not use them. */
  quarantined: z.int(),
});
export type Status = z.infer<typeof statusSchema>;

export async function readStatus(
  storage: Storage,
  link: { readonly source: string; readonly store: string; readonly online: boolean },
): Promise<Status> {
  const { epoch, seq, marks, blocked } = await loadLadder(storage);
  const [counts] = await rowsOf(
    storage,
    `select (select count(*) from profile) as working_set,
       (select count(*) from quarantine where epoch = ?) as quarantined`,
    [epoch],
  );
  const next = await rowsOf(
    storage,
    "select seq, captured_ms from journal where epoch = ? and seq in (?, ?, ?)",
    [epoch, marks.accepted + 1, marks.merged + 1, marks.golden + 1],
  );
  const capturedAt = new Map(
    next.map((row) => [numberOf(row, "seq"), numberOf(row, "captured_ms")]),
  );
  const firstAfter = (mark: number): string | null => {
    const ms = capturedAt.get(mark + 1);
    return ms === undefined ? null : new Date(ms).toISOString();
  };
  return {
    ...link,
    epoch,
    captured: seq,
    ...marks,
    oldest: {
      notAccepted: firstAfter(marks.accepted),
      notMerged: firstAfter(marks.merged),
      notGolden: firstAfter(marks.golden),
    },
    blocked,
    workingSet: counts ? numberOf(counts, "working_set") : 0,
    quarantined: counts ? numberOf(counts, "quarantined") : 0,
  };
}
