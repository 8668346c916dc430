import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readTown, writeTown } from "./state.ts";

describe("the town's state", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-town-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is kept, and is null before the first day", () => {
    expect(readTown(folder)).toBeNull();
    const state = {
      seed: 1,
      firstDay: "2026-03-01",
      day: 2,
      minute: 600,
      isDayOver: false,
      before: {},
      webSince: 2,
    };
    writeTown(folder, state);
    expect(readTown(folder)).toEqual(state);
  });

  test("of a town from before it had a web shop is read", async () => {
    const state = {
      seed: 1,
      firstDay: "2026-03-01",
      day: 2,
      minute: 600,
      isDayOver: false,
      before: {},
    };
    await writeFile(join(folder, "town.json"), JSON.stringify(state));
    expect(readTown(folder)).toEqual(state);
  });

  test("that is broken is told in a sentence", async () => {
    await writeFile(join(folder, "town.json"), "{");
    expect(() => readTown(folder)).toThrow(/town\.json is broken: .*\.$/);
  });
});
