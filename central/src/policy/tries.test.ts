import { expect, test } from "vitest";
import { openFile } from "../testing/database.ts";
import { walksIn } from "../testing/plan.ts";
import { newestTries, runningTry } from "./tries.ts";
import { versionsQuery } from "./versions.ts";

test("policies are read by index", async () => {
  const database = await openFile();
  const { storage } = database;
  expect(await walksIn(storage, newestTries("matching", 9))).toEqual([]);
  expect(await walksIn(storage, runningTry(), ["policy_try_running"])).toEqual([]);
  for (const kind of ["survivorship", "matching", "quality"] as const) {
    expect(await walksIn(storage, versionsQuery(kind, 9, 9))).toEqual([]);
  }
  await database.close();
});
