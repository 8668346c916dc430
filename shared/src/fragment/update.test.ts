import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { bodyArb, record, saleOf, WRITERS } from "../../../test/captures.ts";
import { sha256Hex } from "../digest.ts";
import { clientIdOf } from "../ids.ts";
import { applyUpdate, clockOf, documentState, openDocument } from "./document.ts";
import { readContribution } from "./fragment.ts";
import { decideUpdate } from "./update.ts";

const [writer] = WRITERS;
const clientId = clientIdOf(writer.source, writer.epoch);
/** Many events of one fragment. */
const historyArb = fc
  .array(bodyArb, { minLength: 1, maxLength: 12 })
  .map((bodies) => record(bodies.map((what) => ({ writer: 0, key: 0, afterMs: 1, what }))));
const arrival = (update: Uint8Array, clock: number) => ({
  update,
  sha256: sha256Hex(update),
  clientId,
  clock,
});
const sales = (count: number) =>
  record(
    Array.from({ length: count }, (_, n) => ({
      writer: 0,
      key: 0,
      afterMs: 1,
      what: saleOf(`R${n}`, 100),
    })),
  );

/** Takes an update as a machine does; says what became of it, and whether its clock is the one announced. */
function take(doc: Y.Doc, update: Uint8Array): "next" | "duplicate" | "gap" | "refused" {
  const clock = clockOf(doc, clientId);
  const decided = decideUpdate(arrival(update, clock));
  if (decided.verdict !== "next") return decided.verdict;
  applyUpdate(doc, update);
  if (clockOf(doc, clientId) !== decided.toClock) throw new Error("the clock is another one");
  return "next";
}

test("SYN4: updates in any order and repetition end in the same document, and a gap never reaches it", () => {
  const schedule = fc.array(fc.nat(), { maxLength: 60 });
  fc.assert(
    fc.property(historyArb, schedule, (history, picks) => {
      const doc = openDocument(null);
      let included = 0;
      for (const pick of picks) {
        const at = pick % history.length;
        const expected = at < included ? "duplicate" : at === included ? "next" : "gap";
        expect(take(doc, history[at]!.update)).toBe(expected);
        if (at === included) included++;
        const said = included > 0 ? readContribution(doc) : undefined;
        expect(said).toEqual(history[included - 1]?.contribution);
      }
      for (const { update } of history) expect(take(doc, update)).not.toBe("gap");
      expect(readContribution(doc)).toEqual(history.at(-1)!.contribution);
    }),
  );
});

test("SYN4: updates merged into one, and ones that overlap what is there, count as next", () => {
  fc.assert(
    fc.property(historyArb, fc.nat(), fc.nat(), (history, a, b) => {
      const [there, upTo] = [a % history.length, b % history.length].toSorted((x, y) => x - y);
      const doc = openDocument(null);
      for (const { update } of history.slice(0, there)) expect(take(doc, update)).toBe("next");
      const updates = history.slice(0, upTo! + 1).map(({ update }) => update);
      expect(take(doc, Y.mergeUpdates(updates))).toBe("next");
      expect(readContribution(doc)).toEqual(history[upTo!]!.contribution);
    }),
  );
});

test("SYN4: a gap says which clock is needed", () => {
  const [first, second, third] = sales(3);
  const doc = openDocument(null);
  take(doc, first!.update);
  const clock = clockOf(doc, clientId);
  expect(decideUpdate(arrival(third!.update, clock))).toEqual({ verdict: "gap", needClock: clock });
  take(doc, second!.update);
  expect(decideUpdate(arrival(third!.update, clockOf(doc, clientId)))).toMatchObject({
    verdict: "next",
  });
});

describe("SYN4: nothing that Yjs would park gets into a document", () => {
  test("an update with a hole inside", () => {
    const [first, , third] = sales(3);
    const holed = Y.mergeUpdates([first!.update, third!.update]);
    expect(decideUpdate(arrival(holed, 0))).toEqual({ verdict: "refused", code: "not_an_update" });
    expect(() => applyUpdate(openDocument(null), holed)).toThrow("does not follow");
    expect(() => openDocument(holed)).toThrow("does not follow");
  });

  test("an update that deletes what is not there yet", () => {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    const list = doc.getArray("entries");
    list.push([1]);
    const before = Y.encodeStateAsUpdate(doc);
    list.push([2]);
    list.delete(1);
    // Structs of the first state, deletions of the last.
    const { structs } = Y.decodeUpdate(before);
    expect(structs).toHaveLength(1);
    const deletesOnly = Y.diffUpdate(Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc));
    const early = Y.mergeUpdates([before, deletesOnly]);
    expect(decideUpdate(arrival(early, 0))).toMatchObject({ verdict: "refused" });
  });

  test("an update whose place depends on another writer's content", () => {
    const foreign = new Y.Doc();
    foreign.clientID = clientId + 1;
    foreign.getArray("entries").push([1]);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(foreign));
    doc.clientID = clientId;
    doc.getArray("entries").push([2]);
    const own = Y.encodeStateAsUpdate(doc, Y.encodeStateVector(foreign));
    expect(decideUpdate(arrival(own, 0))).toEqual({ verdict: "refused", code: "not_an_update" });
  });

  test("the state of a document with a gap is not a whole document", () => {
    const [, second] = sales(2);
    const doc = new Y.Doc();
    Y.applyUpdate(doc, second!.update);
    expect(() => openDocument(Y.encodeStateAsUpdate(doc))).toThrow("does not follow");
  });
});

describe("FRG1: an update with another writer in it is refused", () => {
  const [own] = sales(1);
  const foreignRecords = record([{ writer: 1, key: 0, afterMs: 1, what: saleOf("R", 1) }]);
  const foreign = foreignRecords[0]!.update;
  const refused = { verdict: "refused", code: "foreign_writer" };

  test("alone", () => expect(decideUpdate(arrival(foreign, 0))).toEqual(refused));
  test("beside its own", () => {
    expect(decideUpdate(arrival(Y.mergeUpdates([own!.update, foreign]), 0))).toEqual(refused);
  });
  test("as deletions only", () => {
    const doc = openDocument(foreign);
    doc.getArray("entries").delete(0, doc.getArray("entries").length);
    const deletesOnly = Y.diffUpdate(documentState(doc), Y.encodeStateVector(doc));
    const mixed = Y.mergeUpdates([own!.update, deletesOnly]);
    expect(decideUpdate(arrival(mixed, 0))).toEqual(refused);
  });
});

describe("SYN5: nothing is applied whose bytes do not match", () => {
  test("every flipped bit of an update is refused", () => {
    const [{ update }] = sales(1) as [ReturnType<typeof sales>[number]];
    const sha256 = sha256Hex(update);
    let refused = 0;
    for (let bit = 0; bit < update.length * 8; bit++) {
      const flipped = Uint8Array.from(update);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      const decided = decideUpdate({ update: flipped, sha256, clientId, clock: 0 });
      if (decided.verdict === "refused" && decided.code === "checksum") refused++;
    }
    expect(refused).toBe(update.length * 8);
    expect(decideUpdate({ update, sha256, clientId, clock: 0 })).toMatchObject({ verdict: "next" });
  });

  test("a missing and an added byte are refused", () => {
    fc.assert(
      fc.property(historyArb, (history) => {
        const { update } = history[0]!;
        const sha256 = sha256Hex(update);
        for (const bytes of [
          update.subarray(1),
          update.subarray(0, -1),
          Uint8Array.of(...update, 0),
        ]) {
          expect(decideUpdate({ update: bytes, sha256, clientId, clock: 0 })).toEqual({
            verdict: "refused",
            code: "checksum",
          });
        }
      }),
    );
  });
});

test("SYN6: whatever bytes a sender hashes, they get a verdict and do not throw", () => {
  const [{ update: real }] = sales(1) as [ReturnType<typeof sales>[number]];
  const flipped = fc
    .tuple(fc.nat(real.length - 1), fc.nat(255))
    .map(([at, byte]) => real.with(at, byte));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped), (bytes) => {
      // Whatever passes is really next: it leaves nothing waiting, though it may say something else.
      expect(["next", "gap", "refused"]).toContain(take(openDocument(null), bytes));
    }),
    { numRuns: 3000 },
  );
  expect(decideUpdate(arrival(new Uint8Array(0), 0))).toMatchObject({ code: "not_an_update" });
  expect(decideUpdate(arrival(Uint8Array.of(0, 0), 0))).toMatchObject({ code: "not_an_update" });
});
