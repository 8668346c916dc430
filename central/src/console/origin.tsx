/** @jsxImportSource hono/jsx */
import { type Stamp, stampToMs } from "@regulars/shared/clock";
import { formatTime } from "./format.ts";
import { Time } from "./layout.tsx";
import type { Places } from "./lineage.ts";

/** Store, till, event and time that a value comes from. */
export function Origin(props: { claim: { event: string; stamp: Stamp }; places: Places }) {
  const { claim, places } = props;
  const place = places.get(claim.event);
  const ms = place?.atMs ?? stampToMs(claim.stamp);
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
