/** An order of which only the id is left: it never was. */
import type { ConnectCapture } from "../captures.ts";
import { revisionOf } from "./revision.ts";

/** `at`: when its deletion was told (UTC), which is its revision as well. */
export function goneOrder(id: string, at: string, currency: string): ConnectCapture {
  const revision = revisionOf(at, "cancelled");
  return {
    kind: "order",
    key: `order:${id}@${revision}`,
    at,
    ids: [id],
    revision,
    state: "cancelled",
    currency,
    lines: [],
  };
}
