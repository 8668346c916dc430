/** @jsxImportSource hono/jsx */
import { type Stamp, stampToMs } from "@regulars/shared/clock";
import { formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import type { Places } from "./lineage.ts";

interface Claim {
  readonly event: string;
  readonly stamp: Stamp;
  /** When it was said, where the stamp is of another moment. */
  readonly at?: string | undefined;
}

/** Store, till, event and time that a value comes from. */
export function Origin({ claim, places }: { claim: Claim; places: Places }) {
  const place = places.get(claim.event);
  const saidMs = claim.at === undefined ? stampToMs(claim.stamp) : Date.parse(claim.at);
  const ms = place?.atMs ?? saidMs;
  // A steward's decision is no event of a journal: it has a number of its own.
  const [source, , seq] = claim.event.split("/");
  return (
    <span class="origin">
      <span>
        {place ? `${place.store} · ` : ""}
        {seq === undefined ? `decision ${claim.event}` : `${source} #${seq}`}
      </span>
      <Time ms={ms}>{formatTime(ms, place?.zone ?? null)}</Time>
    </span>
  );
}
