import { readFile } from "node:fs/promises";
import { LIMITS } from "@regulars/shared/limits";
import { expect, test } from "vitest";
import { SOURCE } from "../../testing/settings.ts";
import { type ArchivedRow, packRows, sealOf, unpackRows } from "./archived-row.ts";
import { readSegment } from "./segment-file.ts";
import { buildFilter, buildIndex, mayHave, searchIndex, termHash, termsOf } from "./terms.ts";

function rowAt(seq: number, prev: string, damaged: boolean): ArchivedRow {
  const body = `{"seq":${seq},"text":"ä\\n\u2028"}`;
  const hash = damaged ? "0".repeat(64) : sealOf({ prev, body });
  return {
    epoch: 3, seq, kind: "sale", subject: null, receipt: `r${seq}`, externalId: null, voids: null,
    currency: "GBP", totalMinor: -5, idempotencyKey: "k", capturedMs: 1, online: seq % 2 === 0,
    acceptedMs: 2, mergedMs: null, goldenMs: 4, prev, hash, body,
  }; // prettier-ignore
}

/** One of them damaged. */
function someRows(): ArchivedRow[] {
  const rows: ArchivedRow[] = [];
  for (let seq = 9; seq < 15; seq++) {
    rows.push(rowAt(seq, rows.at(-1)?.hash ?? "f".repeat(64), seq === 11));
  }
  return rows;
}

test("CAP7: a file of format 1 is read for ever: this one is never made anew", async () => {
  const fixture = new URL("../../fixtures/format-1.rows", import.meta.url);
  const { header, rows, index, filter } = readSegment(await readFile(fixture));
  expect(header).toMatchObject({ format: 1, source: SOURCE, epoch: 3, firstSeq: 9, lastSeq: 14 });
  expect(rows).toEqual(someRows());
  const terms = rows.map((row) => termsOf(row));
  expect([index, filter].map((part) => Buffer.from(part).toString("hex"))).toEqual(
    [buildIndex(terms), buildFilter(terms)].map((part) => Buffer.from(part).toString("hex")),
  );
});

test("CAP7: what stands in an archive file is read back as it was, damaged rows as well", () => {
  const rows = someRows();
  expect(unpackRows(packRows(rows), 3, 9)).toEqual(rows);
});

test("CAP7: the index finds each term in few reads, and the filter lets few pass that are not there", async () => {
  const terms = Array.from({ length: LIMITS.archiveSegmentRows }, (_, row) => {
    return new Set([termHash("key", `k${row}`), termHash("number", `${SOURCE}-1-${row}`)]);
  });
  const index = buildIndex(terms);
  const filter = buildFilter(terms);
  let reads = 0;
  const find = (hash: number): Promise<number[]> =>
    searchIndex(index.length, hash, async (at, length) => {
      reads += 1;
      return index.subarray(at, at + length);
    });
  for (let row = 0; row < LIMITS.archiveSegmentRows; row += 7) {
    expect(mayHave(filter, termHash("key", `k${row}`))).toBe(true);
    expect(await find(termHash("key", `k${row}`))).toEqual([row]);
    expect(await find(termHash("key", `none${row}`))).toEqual([]);
  }
  expect(reads / (LIMITS.archiveSegmentRows / 7) / 2).toBeLessThan(1.1);
  const passed = terms.filter((_, n) => mayHave(filter, termHash("key", `none${n}`))).length;
  expect(passed / terms.length).toBeLessThan(0.005);
  for (const hash of [0, 2 ** 48 - 1]) expect(await find(hash)).toEqual([]);
});
