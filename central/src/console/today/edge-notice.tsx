/** @jsxImportSource hono/jsx */
import type { EdgeSight } from "../../watch/edge-watch.ts";
import { formatTime } from "../format.ts";
import { Time } from "../layout.tsx";
import { Notice } from "../parts.tsx";

/** Since when the edge is away, and what that means; nothing while it answers. */
export function EdgeNotice({ sight }: { sight: EdgeSight }) {
  if (sight.awaySinceMs === null) return null;
  const at = formatTime(sight.awaySinceMs, null);
  return (
    <Notice tone="waiting">
      The edge cannot be reached since <Time ms={sight.awaySinceMs}>{at} UTC</Time>. What stores
      have told it since is not known here; nothing is lost, and it comes when the edge is back.
    </Notice>
  );
}
