import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { openDocument } from "./document.ts";
import { openWritten } from "./written.ts";

const CLIENT = 0xc0ffee;

/** What Yjs itself makes of the same changes: the form that every other copy reads. */
function createYjs() {
  const doc = new Y.Doc({ gc: true });
  doc.clientID = CLIENT;
  const list = doc.getArray<[string, string, unknown]>("entries");
  function remove(section: string, name: string): void {
    const at = list.toArray().findIndex((entry) => entry[0] === section && entry[1] === name);
    if (at !== -1) list.delete(at);
  }
  return {
    state: () => Y.encodeStateAsUpdate(doc),
    update(changes: readonly Change[]): Uint8Array {
      const updates: Uint8Array[] = [];
      const keep = (bytes: Uint8Array) => updates.push(bytes);
      doc.on("update", keep);
      doc.transact(() => {
        for (const { name, value } of changes) {
          remove("meta", name);
          if (value !== undefined) list.push([["meta", name, value]]);
        }
      });
      doc.off("update", keep);
      return updates[0]!;
    },
  };
}

const entriesOf = (state: Uint8Array): unknown[] =>
  openDocument(state).getArray("entries").toArray();

interface Change {
  readonly name: string;
  /** Undefined: the entry is deleted. */
  readonly value: unknown;
}

const nameArb = fc.constantFrom("a", "b", "c", "d", "e");
const valueArb = fc.jsonValue({ maxDepth: 2 });
const setArb = fc.record({ name: nameArb, value: valueArb });
const deleteArb = fc.record({ name: nameArb, value: fc.constant(undefined) });
/** One event's; each sets something. */
const changesArb = fc
  .tuple(fc.array(fc.oneof(setArb, deleteArb), { maxLength: 6 }), setArb)
  .map(([before, last]): Change[] => [...before, last]);
const eventsArb = fc.array(fc.record({ changes: changesArb, reopen: fc.boolean() }), {
  minLength: 1,
  maxLength: 12,
});

test("FRG1: updates and states of a writer are those of a Yjs document, byte for byte", () => {
  fc.assert(
    fc.property(eventsArb, (events) => {
      const yjs = createYjs();
      let written = openWritten(null, CLIENT);
      for (const { changes, reopen } of events) {
        if (reopen) written = openWritten(written.state(), CLIENT);
        for (const { name, value } of changes) {
          if (value === undefined) written.delete("meta", name);
          else written.set("meta", name, value);
        }
        expect(written.takeUpdate()).toEqual(yjs.update(changes));
        expect(written.state()).toEqual(yjs.state());
        expect(openWritten(yjs.state(), CLIENT).entries()).toEqual(entriesOf(yjs.state()));
        expect(Y.decodeStateVector(Y.encodeStateVector(openDocument(written.state())))).toEqual(
          new Map([[CLIENT, written.clock()]]),
        );
      }
    }),
  );
});

describe("SYN5: what is no whole fragment of its writer is not opened", () => {
  const refusals: Record<string, (doc: Y.Doc) => Uint8Array> = {
    "two writers": (doc) => {
      doc.clientID = CLIENT + 1;
      doc.getArray("entries").push([["meta", "b", 2]]);
      return Y.encodeStateAsUpdate(doc);
    },
    "another writer": () => {
      const other = openWritten(null, CLIENT + 1);
      other.set("meta", "b", 2);
      return other.state();
    },
    "an entry of another form": (doc) => {
      doc.getArray("entries").push([["meta", 2]]);
      return Y.encodeStateAsUpdate(doc);
    },
    "a nested type": (doc) => {
      doc.getArray("entries").push([new Y.Map()]);
      return Y.encodeStateAsUpdate(doc);
    },
    "an update without what it follows": (doc) => {
      const before = Y.encodeStateVector(doc);
      doc.getArray("entries").push([["meta", "b", 2]]);
      return Y.encodeStateAsUpdate(doc, before);
    },
    "entries that are deleted and stand there": (doc) => {
      const kept = Y.encodeStateAsUpdate(doc);
      const updates: Uint8Array[] = [kept];
      doc.on("update", (bytes) => updates.push(bytes));
      doc.getArray("entries").delete(0);
      return Y.mergeUpdates(updates);
    },
  };
  test.each(Object.entries(refusals))("%s", (_what, spoil) => {
    const doc = new Y.Doc();
    doc.clientID = CLIENT;
    doc.getArray("entries").push([["meta", "a", 1]]);
    expect(openWritten(Y.encodeStateAsUpdate(doc), CLIENT).clock()).toBe(1);
    const spoiled = spoil(doc);
    expect(() => openWritten(spoiled, CLIENT)).toThrow(Error);
  });
});
