import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMPARISON_NAMES, COMPARISONS, perComparison } from "./comparisons.ts";
import { DEFAULT_MODEL, modelSchema } from "./model.ts";
import { ModelUnusable, readModel } from "./read-model.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string): Promise<unknown> {
  const file = join(folder, "model.json");
  await writeFile(file, text);
  return readModel(file).catch((error: unknown) => error);
}

describe("IDN5 the model", () => {
  test("that is shipped has a share for every level, and they sum to 1", () => {
    expect(modelSchema.parse(DEFAULT_MODEL)).toEqual(DEFAULT_MODEL);
    for (const name of COMPARISON_NAMES) {
      for (const shares of Object.values(DEFAULT_MODEL.comparisons[name])) {
        expect(Object.keys(shares)).toEqual(COMPARISONS[name].slice(1));
        expect(Object.values(shares).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }
    }
  });

  test("has every comparison, in one order", () => {
    expect(Object.keys(perComparison((name) => name))).toEqual(COMPARISON_NAMES);
    expect(Object.entries(perComparison((name) => name)).every(([at, name]) => at === name)).toBe(
      true,
    );
  });

  test("is the one that is shipped where no other is named", async () => {
    expect(await readModel(undefined)).toBe(DEFAULT_MODEL);
  });

  test("is read from a file as it was written", async () => {
    const own = { ...DEFAULT_MODEL, version: "own-1", prior: -12 };
    expect(await read(JSON.stringify(own))).toEqual(own);
  });

  test.each([
    ["no JSON", "{"],
    ["another thing", "[]"],
    ["a model without a comparison", JSON.stringify({ ...DEFAULT_MODEL, comparisons: {} })],
    [
      "a share of 0, whose logarithm is infinite",
      JSON.stringify(DEFAULT_MODEL).replace("0.82", "0"),
    ],
  ])("is refused when the file holds %s", async (_what, text) => {
    expect(await read(text)).toBeInstanceOf(ModelUnusable);
  });

  test("is refused when there is no file", async () => {
    await expect(readModel(join(folder, "none.json"))).rejects.toThrow(ModelUnusable);
  });
});
