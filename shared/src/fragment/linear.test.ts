import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { addTo, copyState, openCopy } from "./copy.ts";
import { openDocument } from "./document.ts";
import { entryOf, isReadable, readLinear } from "./linear.ts";
import { openWritten } from "./written.ts";

const CLIENT = 0xc0ffee;

const nameArb = fc.constantFrom("a", "b", "c", "d", "ä".repeat(70));
/** Without the one name that Yjs loses when it reads a value: nobody can say it (`ownName`). */
const valueArb = fc
  .jsonValue({ maxDepth: 2 })
  .filter((value) => !JSON.stringify(value).includes("__proto__"));
const changesArb = fc.array(
  fc.record({ name: nameArb, value: valueArb, isDeletion: fc.boolean() }),
  { minLength: 1, maxLength: 6 },
);
const eventsArb = fc.array(changesArb, { minLength: 1, maxLength: 8 });
type Events = typeof eventsArb extends fc.Arbitrary<infer Value> ? Value : never;

/** The updates of a writer. */
function updatesOf(events: Events): Uint8Array[] {
  const written = openWritten(null, CLIENT);
  return events.map((changes) => {
    for (const { name, value, isDeletion } of changes) {
      if (isDeletion) written.delete("meta", name);
      else written.set("meta", name, value);
    }
    written.set("meta", "last", 1);
    return written.takeUpdate();
  });
}

/** What Yjs makes of bytes on top of others; null where it keeps any of them waiting, or cannot read them. */
function yjsOf(updates: readonly Uint8Array[]): Y.Doc | null {
  const doc = new Y.Doc({ gc: true });
  try {
    for (const update of updates) Y.applyUpdate(doc, update);
  } catch {
    return null;
  }
  return doc.store.pendingStructs === null && doc.store.pendingDs === null ? doc : null;
}

/** What others write may be kept in other bytes than Yjs's own, a number that is longer than it has to be, and says the same. */
const expectSame = (updates: readonly Uint8Array[], added: Uint8Array, isOurs = true) => {
  const doc = yjsOf([...updates, added]);
  const before = openCopy(
    updates.length > 0 ? Y.encodeStateAsUpdate(yjsOf(updates)!) : null,
    CLIENT,
  );
  const linear = readLinear(added, CLIENT);
  if (!linear || linear === "foreign" || !isReadable(linear) || linear.from > before.clock)
    return false;
  const { copy } = addTo(before, [linear]);
  expect(doc).not.toBeNull();
  const entries = doc!.getArray("entries").toArray();
  const state = copyState(copy);
  if (isOurs) expect(state).toEqual(Y.encodeStateAsUpdate(doc!));
  else expect(openDocument(state).getArray("entries").toArray()).toEqual(entries);
  expect(copy.standing.map((one) => entryOf(one))).toEqual(entries);
  expect(copy.clock).toBe(Y.decodeStateVector(Y.encodeStateVector(doc!)).get(CLIENT) ?? 0);
  return true;
};

test("FRG1: a copy that takes its writer's updates is the document that Yjs makes of them, byte for byte", () => {
  fc.assert(
    fc.property(eventsArb, fc.nat(), (events, pick) => {
      const updates = updatesOf(events);
      for (const [at, update] of updates.entries()) {
        expect(expectSame(updates.slice(0, at), update)).toBe(true);
      }
      // Several at once, and some that are there already.
      const from = pick % updates.length;
      expect(expectSame(updates.slice(0, from + 1), Y.mergeUpdates(updates))).toBe(true);
    }),
  );
});

test("SYN6: whatever bytes are read as a linear update say the same to Yjs", () => {
  let read = 0;
  const cutArb = fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.nat());
  const bendArb = fc.record({ at: fc.nat(), byte: fc.nat(255), cut: cutArb });
  fc.assert(
    fc.property(eventsArb, fc.array(bendArb, { minLength: 1, maxLength: 3 }), (events, bends) => {
      const updates = updatesOf(events);
      const last = updates.pop()!;
      let bent = last;
      for (const { at, byte, cut } of bends) {
        bent = bent.with(at % bent.length, byte);
        if (cut !== null) bent = bent.slice(0, 1 + (cut % bent.length));
      }
      if (expectSame(updates, bent, false)) read += 1;
    }),
    { numRuns: 3_000 },
  );
  // One in ten is: a bent value is another value.
  expect(read).toBeGreaterThan(100);
});

const list = (doc: Y.Doc) => doc.getArray<unknown>("entries");

describe("FRG2: what Yjs would read and no writer writes is refused", () => {
  const entry = ["meta", "a", 1];
  const others: Record<string, (doc: Y.Doc) => void> = {
    "an entry in front of others": (doc) => list(doc).insert(0, [entry]),
    "a list of another name": (doc) => doc.getArray("others").push([entry]),
    "a map": (doc) => void doc.getMap("entries2").set("a", 1),
    "a text": (doc) => doc.getText("text").insert(0, "a"),
    "a nested type": (doc) => list(doc).push([new Y.Map()]),
    bytes: (doc) => list(doc).push([Uint8Array.of(1)]),
    "two values": (doc) => list(doc).push([["meta", "a"]]),
    "a number for a name": (doc) => list(doc).push([["meta", 1, 1]]),
  };
  test.each(Object.entries(others))("%s", (_what, change) => {
    const doc = new Y.Doc();
    doc.clientID = CLIENT;
    list(doc).push([["meta", "b", 1]]);
    const before = Y.encodeStateVector(doc);
    change(doc);
    expect(readLinear(Y.encodeStateAsUpdate(doc, before), CLIENT)).toBeNull();
  });

  test("a name that is written longer than it has to be, for entries are found by their bytes", () => {
    const written = openWritten(null, CLIENT);
    written.set("meta", "a", 1);
    const state = written.state();
    const at = state.indexOf(119) + 1;
    const longer = Uint8Array.of(...state.slice(0, at), 0x84, 0, ...state.slice(at + 1));
    expect(Y.decodeUpdate(longer).structs).toHaveLength(1);
    expect(readLinear(longer, CLIENT)).toBeNull();
  });

  test("values in each other deeper than any stack", () => {
    const written = openWritten(null, CLIENT);
    let value: unknown = 1;
    for (let depth = 0; depth < 500; depth++) value = [value];
    written.set("meta", "a", value);
    expect(readLinear(written.state(), CLIENT)).toBeNull();
  });
});
