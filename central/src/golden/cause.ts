/** What has made a version of a golden record, written beside it: the history answers "who says so, and since when". */
import { eventKeyOf } from "@regulars/shared/ids";
import { z } from "zod";
import type { SourceRecord } from "../intake/source-record.ts";

export const causeSchema = z.discriminatedUnion("kind", [
  /** Fragments have arrived; this is the last event that they include. */
  z.object({ kind: z.literal("event"), event: z.string() }),
  /** A policy was published. */
  z.object({ kind: z.literal("policy"), version: z.int() }),
  /** A steward has decided something, or taken it back. */
  z.object({ kind: z.literal("decision"), decision: z.string() }),
]);
export type Cause = z.infer<typeof causeSchema>;

/** Of what has arrived for a customer, the newest. Null when nothing of it is the customer's. */
export function causeOfArrival(
  records: readonly SourceRecord[],
  hasArrived: (id: string) => boolean,
): Cause | null {
  const [newest] = records
    .filter(({ id }) => hasArrived(id))
    .map(({ contribution }) => contribution)
    .toSorted((a, b) => (a.last > b.last ? -1 : 1));
  if (!newest) return null;
  const { source, epoch, seq } = newest;
  return { kind: "event", event: eventKeyOf(source, epoch, seq) };
}
