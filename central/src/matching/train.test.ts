import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { features } from "../testing/features.ts";
import { type BatchRecord, runBatch } from "./batch.ts";
import { COMPARISON_NAMES, COMPARISONS } from "./comparisons.ts";
import type { Features } from "./features.ts";
import { DEFAULT_MODEL, type Model, modelSchema } from "./model.ts";

const GIVEN = ["anna", "peter", "maria", "john", "ruth", "omar", "lena", "igor"];
const FAMILY = ["smith", "garcia", "jones", "lopez", "meyer", "okafor", "ivanov"];
const digit = (value: number, most: number): string => String((value % most) + 1).padStart(2, "0");

/** Of every third person a second record with an error. */
function recordsOf(count: number): BatchRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const person = n % 3 === 2 ? n - 2 : n;
    const own: Partial<Features> = {
      given: [GIVEN[person % 8] ?? ""],
      family: [FAMILY[(person * 5) % 7] ?? ""],
      birth: `19${40 + (person % 50)}-${digit(person * 7, 12)}-${digit(person * 11, 28)}`,
      email: `mail${person}@example.com`,
      city: person % 4 === 0 ? "leeds" : "york",
    };
    return { id: `r${n}`, features: features(n === person ? own : { ...own, city: "" }) };
  });
}

const resolved = async (records: readonly BatchRecord[]): Promise<string> => {
  const { model, pairs, compared } = await runBatch(records, { from: DEFAULT_MODEL, version: "t" });
  return JSON.stringify({ model, pairs, compared });
};

describe("IDN5 training without labels", () => {
  const records = recordsOf(90);
  let trained: Model;
  beforeAll(async () => {
    ({ model: trained } = await runBatch(records, { from: DEFAULT_MODEL, version: "trained" }));
  });

  test("IDN2 any order of the records gives the same model and the same weights, to the last bit", async () => {
    const expected = await resolved(records);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: 90 }), async (shuffled) => {
        expect(await resolved(shuffled)).toBe(expected);
      }),
      { numRuns: 12 },
    );
  });

  test("two runs give the same", async () => {
    expect(await resolved(records)).toBe(await resolved(recordsOf(90)));
  });

  test("the shares of each comparison sum to 1, and none of them is 0", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), async (count) => {
        const { model } = await runBatch(recordsOf(count), { from: DEFAULT_MODEL, version: "t" });
        for (const name of COMPARISON_NAMES) {
          const { m, u, h } = model.comparisons[name];
          for (const shares of [m, u, h]) {
            const values = Object.values(shares);
            expect(Object.keys(shares)).toEqual(COMPARISONS[name].slice(1));
            expect(values.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
            expect(Math.min(...values)).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  test("the model is one that can be read again, says what it was made of, and keeps the household's shares", () => {
    expect(modelSchema.parse(JSON.parse(JSON.stringify(trained)))).toEqual(trained);
    expect(trained).toMatchObject({ version: "trained", records: 90 });
    expect(trained.comparisons.birth.h).toEqual(DEFAULT_MODEL.comparisons.birth.h);
  });

  test("no more than a bounded share of one person's records differ outright in name or birth date", async () => {
    // One mailbox for each household of four: without the bound it would teach that a person has four names.
    const households = recordsOf(240).map(({ id, features: own }, n) => ({
      id,
      features: { ...own, email: `home${Math.floor(n / 4)}@example.com` },
    }));
    const { model } = await runBatch(households, { from: DEFAULT_MODEL, version: "t" });
    const { m } = model.comparisons.given;
    expect(m["different"]).toBeLessThanOrEqual(0.08 + 1e-9);
    expect(trained.comparisons.family.m["different"]).toBeLessThanOrEqual(0.15 + 1e-9);
    expect(trained.comparisons.birth.m["different"]).toBeLessThanOrEqual(0.3 + 1e-9);
  });

  test("no more than every fifth pair of records is one person", async () => {
    const alike = Array.from({ length: 30 }, (_, n) => ({
      id: `r${n}`,
      features: features({
        given: ["anna"],
        family: ["smith"],
        birth: "1980-05-14",
        email: "a@b.co",
      }),
    }));
    const { model } = await runBatch(alike, { from: DEFAULT_MODEL, version: "t" });
    expect(model.prior).toBeLessThanOrEqual(Math.log2(0.2 / 0.8) + 1e-9);
  });

  test("few records leave the model nearly as it was shipped", async () => {
    const { model } = await runBatch(recordsOf(6), { from: DEFAULT_MODEL, version: "t" });
    for (const name of COMPARISON_NAMES) {
      for (const [level, share] of Object.entries(DEFAULT_MODEL.comparisons[name].m)) {
        expect(Math.abs((model.comparisons[name].m[level] ?? 0) - share)).toBeLessThan(0.05);
      }
    }
    expect(model.frequencies).toEqual({});
  });

  test("many records teach what they have in common", () => {
    expect(trained.comparisons.city.u["exact"]).toBeGreaterThan(0.2);
    expect(trained.comparisons.email.m["exact"]).toBeGreaterThan(0.75);
  });

  test("no record at all gives a model all the same", async () => {
    const { model, pairs, compared } = await runBatch([], { from: DEFAULT_MODEL, version: "none" });
    expect(modelSchema.safeParse(model).success).toBe(true);
    expect([pairs, compared]).toEqual([[], 0]);
  });
});
