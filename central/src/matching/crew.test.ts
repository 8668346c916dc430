import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anyFeatures } from "../testing/features.ts";
import { type BatchRecord, runBatch } from "./batch.ts";
import { CrewFailure, crewOf } from "./crew.ts";
import { DEFAULT_MODEL } from "./model.ts";
import { packRecords, unpackRecords } from "./packed.ts";
import { createLexicon, prepare, type Prepared } from "./prepare.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "crew-"));
});
afterAll(() => rm(folder, { recursive: true }));

const anyRecords: fc.Arbitrary<BatchRecord[]> = fc
  .array(fc.tuple(anyFeatures, fc.subarray(["email:a", "phone:b"])), {
    minLength: 30,
    maxLength: 90,
  })
  .map((all) => all.map(([features, keys], n) => ({ id: `r${(n * 37) % 101}`, features, keys })));

async function resolved(records: readonly BatchRecord[], threads: number): Promise<string> {
  const training = { from: DEFAULT_MODEL, version: "t" };
  const { model, pairs, compared } = await runBatch(records, training, threads);
  return JSON.stringify({ model, pairs, compared });
}

test("IDN2 any number of threads gives the same model and the same weights, to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(anyRecords, async (records) => {
      const alone = await resolved(records, 1);
      expect(await resolved(records, 2)).toBe(alone);
      expect(await resolved(records, 3)).toBe(alone);
    }),
    { numRuns: 2 },
  );
});

const textsIn = (record: Prepared): string =>
  JSON.stringify(record, (name, value: unknown) => (name === "id" ? undefined : value));

test("what is handed to a thread says the same there", () => {
  fc.assert(
    fc.property(fc.array(anyFeatures, { maxLength: 9 }), (all) => {
      const { count, at } = unpackRecords(structuredClone(packRecords(all)));
      expect(count).toBe(all.length);
      const lexicon = createLexicon();
      for (const [place, features] of all.entries()) {
        expect(at(place).features).toEqual(features);
        expect(textsIn(at(place))).toEqual(textsIn(prepare(features, lexicon)));
      }
    }),
  );
});

async function failureOf(program: string): Promise<unknown> {
  const path = join(folder, `${program.length}.mjs`);
  await writeFile(path, program);
  const crew = crewOf(2, () => packRecords([]), pathToFileURL(path));
  try {
    return await crew.run([{ kind: "codes", from: 0, to: 0 }]).catch((error: unknown) => error);
  } finally {
    await crew.close();
  }
}

test("a thread that ends, or fails, fails the whole, with a sentence and at once", async () => {
  const ended = await failureOf(
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(3));',
  );
  expect(ended).toEqual(new CrewFailure("A thread of the resolution has ended (3)."));
  const failed = await failureOf(
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { throw new Error("no"); });',
  );
  expect(failed).toEqual(new CrewFailure("A thread of the resolution has failed."));
});
