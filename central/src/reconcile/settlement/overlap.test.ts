import fc from "fast-check";
import { numberOf, rowsOf } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { emptyDatabase } from "../../testing/database.ts";
import { storeStatement } from "../../testing/settlement.ts";
import { useSettlementDesk } from "../../testing/settlement-desk.ts";

const desk = useSettlementDesk();
const { take } = desk;

/** Few enough values that files overlap, and that a file has a line twice. */
const lineOf = fc.record({
  reference: fc.constantFrom("r1", "r2", "r3"),
  amount: fc.constantFrom("1.00", "2.00"),
  batch: fc.constantFrom("b1", "b2"),
});
const fileOf = fc.array(lineOf, { minLength: 1, maxLength: 6 });

test("exports that overlap come to the same in any order: each line as often as the file that has it most often", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fileOf, { minLength: 1, maxLength: 4 }), async (files) => {
      await emptyDatabase(desk.storage);
      await desk.storage.write([storeStatement("store-1")]);
      const most = new Map<string, number>();
      for (const file of files) {
        const lines = file.map(
          ({ reference, amount, batch }) => `2026-11-20,${reference},${amount},store-1,${batch}`,
        );
        for (const [line, same] of Map.groupBy(lines, (each) => each)) {
          most.set(line, Math.max(most.get(line) ?? 0, same.length));
        }
        const taken = await take(lines);
        // The same bytes again bring nothing, and are said to be the same.
        expect(taken.ok || (taken.reason.is === "file" && taken.reason.refusal.reason)).toBe(
          taken.ok || "same_file",
        );
      }
      const rows = await rowsOf(
        desk.storage,
        "select reference, amount_minor, batch, count(*) as count from settlement_line group by 1, 2, 3",
      );
      const stored = new Map(
        rows.map((row) => [
          `2026-11-20,${String(row["reference"])},${(numberOf(row, "amount_minor") / 100).toFixed(2)},store-1,${String(row["batch"])}`,
          numberOf(row, "count"),
        ]),
      );
      expect(stored).toEqual(most);
    }),
    { numRuns: 40 },
  );
});

test("a payment that was exported before its payout is the same one with its payout", async () => {
  await take(["2026-11-20,r1,34.95,store-1,"]);
  expect(await take(["2026-11-20,r1,34.95,store-1,po_1"])).toMatchObject({
    ok: true,
    value: { lines: 0, known: 1 },
  });
  expect(await take(["2026-11-20,r1,34.95,store-1,", "2026-11-20,r2,1.00,store-1,"])).toMatchObject(
    {
      value: { lines: 1, known: 1 },
    },
  );
  expect(await rowsOf(desk.storage, "select reference from settlement_line order by 1")).toEqual([
    { reference: "r1" },
    { reference: "r2" },
  ]);
});
