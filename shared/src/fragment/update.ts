/**
 * Updates at the border: an update may be applied only when it is its writer's, whole, and the next one (SYN4, SYN5).
 *
 * Yjs itself would take it anyway: it parks updates that come too early, silently, and accepts one byte flip in
 * seven as other data. So nothing reaches a document that has not passed here.
 */
import * as Y from "yjs";
import { sha256Hex } from "../digest.ts";

export type UpdateVerdict =
  | { readonly verdict: "next"; readonly toClock: number }
  /** Already part of the document: harmless, not applied again. */
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
  const range = clockRange(arrived.update, arrived.clientId);
  if (range === null) return { verdict: "refused", code: "not_an_update" };
  if (range === "foreign") return { verdict: "refused", code: "foreign_writer" };
  if (range.from > arrived.clock) return { verdict: "gap", needClock: arrived.clock };
  if (range.to <= arrived.clock) return { verdict: "duplicate" };
  return { verdict: "next", toClock: range.to };
}

/** Throws when the update leaves something waiting: then it has not passed `decideUpdate` at this clock. */
export function applyUpdate(doc: Y.Doc, update: Uint8Array): void {
  Y.applyUpdate(doc, update);
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new Error("a fragment was given an update that does not follow its content");
  }
}

/** The writer's clock in a document: how many of its operations the document has. */
export function clockOf(doc: Y.Doc, clientId: number): number {
  return Y.decodeStateVector(Y.encodeStateVector(doc)).get(clientId) ?? 0;
}

function clockRange(
  update: Uint8Array,
  clientId: number,
): { from: number; to: number } | "foreign" | null {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    return null; // lib0 throws plain errors of many kinds on bytes that are no update; all mean the same here
  }
  const { structs, ds } = decoded;
  const [first] = structs;
  // Each recorded event sets at least one entry, so a writer's own updates are never empty.
  if (first === undefined) return null;
  let to = first.id.clock;
  for (const struct of structs) {
    if (struct.id.client !== clientId) return "foreign";
    // A hole inside, or a place that depends on what comes later, would be parked like one in front.
    if (struct instanceof Y.Skip || struct.id.clock !== to) return null;
    if (
      !dependenciesOf(struct).every((id) => id.client === clientId && id.clock < struct.id.clock)
    ) {
      return null;
    }
    to += struct.length;
  }
  for (const [client, deletes] of ds.clients) {
    if (client !== clientId) return "foreign";
    if (deletes.some(({ clock, len }) => clock + len > to)) return null;
  }
  return { from: first.id.clock, to };
}

function dependenciesOf(struct: Y.Item | Y.GC | Y.Skip): Y.ID[] {
  if (!(struct instanceof Y.Item)) return [];
  const parent: unknown = struct.parent;
  return [struct.origin, struct.rightOrigin, parent].filter((id) => id instanceof Y.ID);
}
