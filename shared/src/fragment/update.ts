/**
 * Updates at the border: an update may be applied only when it is its writer's, whole, and the next one (SYN4, SYN5).
 *
 * Yjs itself would take it anyway: it parks updates that come too early, silently, and accepts one byte flip in
 * seven as other data. So nothing is merged that has not passed here.
 */
import { sha256Hex } from "../digest.ts";
import { isReadable, type Linear, readLinear } from "./linear.ts";

export type UpdateVerdict =
  | { readonly verdict: "next"; readonly toClock: number; readonly linear: Linear }
  /** There already: harmless, not merged again. */
  | { readonly verdict: "duplicate" }
  | { readonly verdict: "gap"; readonly needClock: number }
  | { readonly verdict: "refused"; readonly code: "checksum" | "foreign_writer" | "not_an_update" };

export interface UpdateOnArrival {
  readonly update: Uint8Array;
  readonly sha256: string;
  /** The writer's Yjs client id: the only one that may appear in the update. */
  readonly clientId: number;
  /** Clock that the document has reached for this writer; 0 for a new one. */
  readonly clock: number;
}

export function decideUpdate(arrived: UpdateOnArrival): UpdateVerdict {
  if (sha256Hex(arrived.update) !== arrived.sha256) return { verdict: "refused", code: "checksum" };
  const linear = readLinear(arrived.update, arrived.clientId);
  if (linear === "foreign") return { verdict: "refused", code: "foreign_writer" };
  // Each recorded event sets at least one entry, so a writer's own updates are never empty.
  if (linear === null || linear.to === linear.from) {
    return { verdict: "refused", code: "not_an_update" };
  }
  if (linear.from > arrived.clock) return { verdict: "gap", needClock: arrived.clock };
  if (linear.to <= arrived.clock) return { verdict: "duplicate" };
  if (!isReadable(linear)) return { verdict: "refused", code: "not_an_update" };
  return { verdict: "next", toClock: linear.to, linear };
}
