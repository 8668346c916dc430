import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyArb, record, saleOf, WRITERS } from "../../../test/captures.ts";
import { clientIdOf } from "../ids.ts";
import {
  addTo,
  contributionAfter,
  copyState,
  type FragmentCopy,
  openCopy,
  readCopy,
} from "./copy.ts";
import { readContribution } from "./fragment.ts";
import { isReadable, type Linear, readLinear } from "./linear.ts";
import { openWritten } from "./written.ts";

const [writer] = WRITERS;
const clientId = clientIdOf(writer.source, writer.epoch);

function linearOf(update: Uint8Array): Linear {
  const linear = readLinear(update, clientId);
  if (!linear || linear === "foreign") throw new Error("an update is not linear");
  return linear;
}

const historyArb = fc
  .array(bodyArb, { minLength: 1, maxLength: 20 })
  .map((bodies) => record(bodies.map((what) => ({ writer: 0, key: 0, afterMs: 1, what }))));

test("FRG2: what a copy says is carried on from what it said before, whether updates come alone or together", () => {
  const cutsArb = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(historyArb, cutsArb, fc.boolean(), (history, cuts, isReopened) => {
      let copy = openCopy(null, clientId);
      let said = null;
      let at = 0;
      for (const count of cuts) {
        const part = history.slice(at, at + count);
        if (part.length === 0) break;
        at += count;
        if (isReopened && at > count) copy = openCopy(copyState(copy), clientId);
        const change = addTo(
          copy,
          part.map(({ update }) => linearOf(update)),
        );
        said = said ? contributionAfter(said, change) : readCopy(change.copy);
        ({ copy } = change);
        expect(said).toEqual(part.at(-1)!.contribution);
        expect(said).toEqual(readCopy(copy));
      }
    }),
  );
});

test("FRG1: an update that does not follow is not taken", () => {
  const [first, second] = record(
    ["R1", "R2"].map((receipt) => ({ writer: 0, key: 0, afterMs: 1, what: saleOf(receipt, 1) })),
  );
  expect(() => addTo(openCopy(null, clientId), [linearOf(second!.update)])).toThrow("follow");
  const { copy } = addTo(openCopy(null, clientId), [linearOf(first!.update)]);
  expect(addTo(copy, [linearOf(first!.update)]).copy).toEqual(copy);
});

const take = (copy: FragmentCopy, update: Uint8Array) => addTo(copy, [linearOf(update)]);

describe("FRG2: what no writer of ours does is read as it stands", () => {
  const base = record([{ writer: 0, key: 0, afterMs: 1, what: saleOf("R1", 1) }])[0]!;
  const begun = (): { copy: FragmentCopy; written: ReturnType<typeof openWritten> } => {
    const { copy } = addTo(openCopy(null, clientId), [linearOf(base.update)]);
    return { copy, written: openWritten(copyState(copy), clientId) };
  };
  test("two entries of one name, of which the newer goes", () => {
    const { copy, written } = begun();
    const other = openWritten(written.state(), clientId);
    other.set("meta", "seq", 7);
    // The deletion of the older one is left out.
    const { deleted: _left, ...added } = linearOf(other.takeUpdate());
    const twice = addTo(copy, [{ ...added, deleted: [] }]);
    const saidTwice = contributionAfter(base.contribution, twice);
    expect(saidTwice.seq).toBe(7);
    const gone = addTo(twice.copy, [
      { ...linearOf(base.update), deleted: [{ clock: twice.copy.clock - 1, count: 1 }] },
    ]);
    expect(contributionAfter(saidTwice, gone)).toEqual(readCopy(gone.copy));
    expect(contributionAfter(saidTwice, gone).seq).toBe(1);
  });

  test("what a fragment has to say, and does not any more", () => {
    const { copy, written } = begun();
    written.delete("meta", "source");
    written.set("keys", "loyalty:1", base.contribution.first);
    const change = take(copy, written.takeUpdate());
    expect(() => readCopy(change.copy)).toThrow("source");
    expect(() => contributionAfter(base.contribution, change)).toThrow("source");
  });

  test("a section of that name among what is said of the whole", () => {
    const { copy, written } = begun();
    written.set("meta", "recent", { 9: "nothing of a sale" });
    const change = take(copy, written.takeUpdate());
    expect(contributionAfter(base.contribution, change)).toEqual(base.contribution);
  });

  test("a value of another form", () => {
    const { copy, written } = begun();
    written.set("totals", "GBP", { sales: "one" });
    const change = take(copy, written.takeUpdate());
    expect(() => contributionAfter(base.contribution, change)).toThrow(Error);
    // And what was there is there still.
    expect(readCopy(copy)).toEqual(readContribution(openWritten(copyState(copy), clientId)));
  });

  test("an entry without a value", () => {
    const { copy, written } = begun();
    written.set("meta", "source", undefined);
    const linear = linearOf(written.takeUpdate());
    expect(isReadable(linear)).toBe(false);
    expect(() => contributionAfter(base.contribution, addTo(copy, [linear]))).toThrow("entry");
  });

  test("more ranges of deletions than a fragment has entries", () => {
    const { copy, written } = begun();
    written.set("meta", "seq", 2);
    const linear = linearOf(written.takeUpdate());
    const many = Array.from({ length: 200_000 }, (_, at) => ({ clock: (at * 7) % 5, count: 1 }));
    const change = addTo(copy, [{ ...linear, deleted: [...many, ...linear.deleted] }]);
    const left = copy.standing.filter(({ clock }) => clock > 4).length;
    expect(change.copy.standing.filter(({ clock }) => clock < copy.clock)).toHaveLength(left);
  });
});
