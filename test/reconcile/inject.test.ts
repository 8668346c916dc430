/** A small run of the fault injector, with every kind in it; `npm run -s reconcile:inject` is the large one. */
import { expect, onTestFinished, test } from "vitest";
import { openFile } from "../../central/src/testing/database.ts";
import { inject } from "./inject.ts";
import { PLANTS } from "./plants.ts";

test("REC2 every kind of exception that is planted is found with its terminal, number and amount, and nothing else, and what is repaired is settled", async () => {
  const database = await openFile();
  onTestFinished(() => database.close());
  const report = await inject(database.storage, {
    storeDays: 32,
    rows: 4_500,
    seed: "1",
    stores: 4,
  });
  expect(report).toMatchObject({ missed: [], falseAlarms: [], wrongDays: [], recall: 1 });
  expect(PLANTS.filter((name) => report.planted[name] === undefined)).toEqual([]);
  expect(report.planted["trend"]).toBeGreaterThan(0);
}, 60_000);

test("REC2 numbers that were skipped are told of beside the rows that a till lost the day before", async () => {
  const database = await openFile();
  onTestFinished(() => database.close());
  const report = await inject(database.storage, {
    storeDays: 24,
    rows: 1_500,
    seed: "2",
    stores: 2,
    kinds: ["tail_gap", "z_number"],
  });
  expect(report).toMatchObject({ missed: [], falseAlarms: [], wrongDays: [], recall: 1 });
}, 60_000);
