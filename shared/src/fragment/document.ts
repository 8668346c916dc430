/** A fragment as a Yjs document, for whoever reads it whole: by the library that defines the format, and by nothing of ours. */
import * as Y from "yjs";

/** Put together from a state and updates. Throws when `state` is not a whole Yjs document. */
export function openDocument(state: Uint8Array | null): Y.Doc {
  // Yjs's own guid is a UUID from 31 calls to the system's randomness, a third of the cost of opening; nothing reads it.
  const doc = new Y.Doc({ gc: true, guid: "fragment" });
  if (state) applyUpdate(doc, state);
  return doc;
}

/** The whole document, re-encoded: deleted content does not leave the process (FRG3). */
export const documentState = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc);

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
