/** Which shift an event belongs to: `epoch/seq` under which its `open` was first numbered, at its terminal. */
import type { RegularsEvent } from "../events/event.ts";

/** Null for what was captured in no shift: at a terminal that opens none, or for a day that was closed before. */
export function shiftOf(event: RegularsEvent): string | null {
  if (event.kind !== "open") return event.shift ?? null;
  const { epoch, seq } = event.resealed ?? event;
  return `${epoch}/${seq}`;
}
