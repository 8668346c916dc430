import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../testing/database.ts";
import { DEFAULT_MODEL } from "./model.ts";
import { readModel } from "./read-model.ts";

test("IDN5 a model is read from its file, and one that is none is told in a sentence", async () => {
  const folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  const file = join(folder.path, "model.json");
  const model = { ...DEFAULT_MODEL, version: "ours-1" };
  await writeFile(file, JSON.stringify(model));
  expect(await readModel(file)).toEqual(model);
  expect(await readModel(undefined)).toEqual(DEFAULT_MODEL);
  const { exact: _exact, ...rest } = DEFAULT_MODEL.comparisons.birth.m;
  const birth = { ...DEFAULT_MODEL.comparisons.birth, m: rest };
  const wrong = [
    { version: "x" },
    { ...model, comparisons: { ...model.comparisons, birth } },
    { ...model, thresholds: { match: 1, potential: 2 } },
  ];
  for (const text of ["{", ...wrong.map((each) => JSON.stringify(each))]) {
    await writeFile(file, text);
    await expect(readModel(file)).rejects.toThrow("is not a model of matching.");
  }
  await rm(file);
  await expect(readModel(file)).rejects.toThrow("cannot be read.");
});
