import { describe, expect, test } from "vitest";
import type { JournalRow } from "../system/agent-client.ts";
import { addComparisons, compare, NOTHING_COMPARED } from "./compare.ts";

/** Rows by number; a row named in `claims` is what a customer told, without receipt and money. */
function rowOf(seq: number, change: Partial<JournalRow> = {}): JournalRow {
  return {
    seq,
    kind: "sale",
    receipt: `r-${seq}`,
    hash: `hash-${seq}`,
    online: true,
    capturedMs: 1,
    acceptedMs: 2,
    mergedMs: 3,
    goldenMs: 4,
    currency: "GBP",
    totalMinor: 100,
    ...change,
  };
}

async function* listOf<Entry>(entries: readonly Entry[]): AsyncGenerator<Entry> {
  yield* entries;
}

const claim = rowOf(2, { kind: "claim", receipt: null, currency: null, totalMinor: null });
const rows = [rowOf(1), claim, rowOf(3)];

function compareLists(
  given: { confirmed?: number[]; journal?: JournalRow[]; centre?: number[] } = {},
) {
  const { confirmed = [1, 3], journal = rows, centre = [1, 2, 3] } = given;
  return compare(
    {
      confirmed: listOf(
        confirmed.map((seq) => ({
          seq,
          receipt: `r-${seq}`,
          hash: `hash-${seq}`,
          totalMinor: 100,
        })),
      ),
      journal: listOf(journal),
      centre: listOf(centre.map((seq) => ({ seq, hash: `hash-${seq}` }))),
    },
    () => undefined,
  );
}

describe("confirmed, journalled, at the centre", () => {
  test("the same everywhere is neither lost nor duplicated", async () => {
    expect(await compareLists()).toEqual({
      events: 3,
      captured: 2,
      accepted: 2,
      merged: 2,
      golden: 2,
      lost: 0,
      duplicated: 0,
      moneyMinor: { GBP: 200 },
    });
  });

  test.each([
    ["missing at the centre, in the middle", { centre: [1, 3] }],
    ["missing at the centre, at the end", { centre: [1, 2] }],
    ["confirmed and not in the journal, at the end", { confirmed: [1, 3, 4] }],
    ["missing in the journal", { journal: [rows[0]!, rows[2]!], centre: [1, 3] }],
    ["other bytes", { journal: [rows[0]!, { ...claim, hash: "other" }, rows[2]!] }],
  ])("lost: %s", async (_name, lists) => {
    expect(await compareLists(lists)).toMatchObject({ lost: 1, duplicated: 0 });
  });

  test.each([
    ["twice at the centre", { centre: [1, 1, 2, 3] }],
    ["at the centre and not in the journal", { centre: [1, 2, 3, 4] }],
    ["captured without being sent", { confirmed: [1] }],
  ])("duplicated: %s", async (_name, lists) => {
    expect(await compareLists(lists)).toMatchObject({ lost: 0, duplicated: 1 });
  });

  test("a confirmed receipt that the journal has under other bytes is lost", async () => {
    const journal = [rowOf(1, { receipt: "r-9" }), claim, rowOf(3)];
    expect(await compareLists({ journal })).toMatchObject({ lost: 1 });
  });

  test("each step of the ladder is counted in receipts", async () => {
    const journal = [
      rowOf(1, { goldenMs: null }),
      claim,
      rowOf(3, { goldenMs: null, mergedMs: null }),
    ];
    expect(await compareLists({ journal })).toMatchObject({ accepted: 2, merged: 1, golden: 0 });
  });

  test("comparisons of several agents add up", async () => {
    const one = await compareLists();
    expect(addComparisons(one, NOTHING_COMPARED)).toEqual(one);
    expect(addComparisons(one, one).moneyMinor).toEqual({ GBP: 400 });
  });
});
