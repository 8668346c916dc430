import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { sha256Hex } from "@regulars/shared/digest";
import { aboutSchema } from "./about.ts";
import { CASES } from "./cases.ts";
import { FIELDS } from "./source-record.ts";
import { FILES, writeTown } from "./write-town.ts";

const rowsSchema = z.array(z.record(z.string(), z.string()));
let base = "";
let made = 0;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "regulars-generate-"));
});
afterAll(() => rmSync(base, { recursive: true }));

function write(customers: number, seed: number) {
  const folder = join(base, String(made++));
  mkdirSync(folder);
  const about = writeTown(folder, { customers, seed });
  const text = (name: string): string => readFileSync(join(folder, name), "utf8");
  const rows = (name: string) => rowsSchema.parse(parse(text(name), { columns: true }));
  return { about, text, rows, digest: sha256Hex(FILES.map(text).join("\n")) };
}

describe("a labelled town", () => {
  test("is the same for the same seed, byte for byte, and another for another", () => {
    const { digest } = write(300, 5);
    expect(write(300, 5).digest).toBe(digest);
    expect(write(300, 6).digest).not.toBe(digest);
    expect(write(301, 5).digest).not.toBe(digest);
  });

  test("is the one of this version: who changes its bytes raises VERSION in about.ts", () => {
    const { about, digest } = write(40, 1);
    expect([about.version, digest]).toEqual([
      1,
      "9b5fd36ff2619b08e80ba80a8844ab239b1c43bcbee3a2a0cd632b71460f7cb8",
    ]);
  });

  test("has each of its customers, and a truth for exactly its records", () => {
    const { about, text, rows } = write(500, 2);
    const [records, truth] = [rows("records.csv"), rows("truth.csv")];
    const ids = records.map(({ record_id: id }) => id);
    expect(new Set(ids).size).toBe(records.length);
    expect(truth.map(({ record_id: id }) => id)).toEqual(ids);
    expect(Object.keys(records[0]!)).toEqual(["record_id", ...FIELDS]);
    expect(Object.keys(truth[0]!)).toEqual(["record_id", "customer_id", "household_id", "case"]);
    expect(new Set(truth.map(({ customer_id: id }) => id)).size).toBe(500);
    expect(aboutSchema.parse(JSON.parse(text("about.json")))).toEqual(about);
  });

  test("says of itself what can be counted", () => {
    const { about, rows } = write(500, 2);
    const [records, truth] = [rows("records.csv"), rows("truth.csv")];
    const perCustomer = Map.groupBy(truth, ({ customer_id: id }) => id);
    const pairs = [...perCustomer.values()].map(({ length }) => (length * (length - 1)) / 2);
    expect(about).toMatchObject({
      seed: 2,
      customers: 500,
      households: new Set(truth.map(({ household_id: id }) => id)).size,
      records: records.length,
      truePairs: pairs.reduce((sum, each) => sum + each, 0),
    });
    for (const each of CASES) {
      const labelled = truth.filter((row) => row["case"] === each);
      expect(about.recordsByCase[each]).toBe(labelled.length);
    }
    for (const [channel, count] of Object.entries(about.recordsByChannel)) {
      expect(records.filter((row) => row["channel"] === channel)).toHaveLength(count);
    }
  });

  test("has every case, three records per customer, and a long tail", () => {
    const { about, rows } = write(5000, 3);
    const { recordsByCase, records, customers } = about;
    expect(CASES.filter((each) => !recordsByCase[each])).toEqual([]);
    expect(records / customers).toBeGreaterThan(2.5);
    expect(records / customers).toBeLessThan(3.5);
    const perCustomer = Map.groupBy(rows("truth.csv"), ({ customer_id: id }) => id);
    const counts = [...perCustomer.values()].map(({ length }) => length);
    expect(counts.filter((count) => count === 1).length / customers).toBeGreaterThan(0.15);
    expect(Math.max(...counts)).toBeGreaterThanOrEqual(15);
    expect(new Set(Object.keys(recordsByCase))).toEqual(new Set(CASES));
  });

  test("is shuffled: a record's place says nothing of its customer", () => {
    const truth = write(500, 2).rows("truth.csv");
    const isNext = truth.filter((row, at) => row["customer_id"] === truth[at + 1]?.["customer_id"]);
    expect(isNext.length).toBeLessThan(truth.length / 50);
  });
});
