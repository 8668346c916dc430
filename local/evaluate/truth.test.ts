import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import type { Table } from "./read-table.ts";
import { checkTruth, isColumn, readTruth, type TruthRequest } from "./truth.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "truth-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(text: string): Promise<string> {
  const path = join(folder, "truth.csv");
  await writeFile(path, text);
  return path;
}

const people: Table = {
  name: "people.csv",
  columns: ["id", "email", "who"],
  rows: [
    ["rec-1-org", "secret@x.com", "p1"],
    ["rec-1-dup", "", "p1"],
    ["rec-2-org", "", ""],
    ["rec-3-org", "", ""],
  ],
};
const request = (truth: string | undefined, pattern: RegExp | null = null): TruthRequest => ({
  id: "id",
  truth,
  pattern,
});

async function peopleOf(
  tables: readonly Table[],
  asked: TruthRequest,
): Promise<ReadonlyMap<string, string>> {
  const truth = await readTruth(tables, asked);
  if (truth?.kind !== "people") throw new Error("no people");
  return truth.personOf;
}

async function failureOf(
  asked: TruthRequest,
  tables: readonly Table[] = [people],
): Promise<string> {
  const failure: unknown = await readTruth(tables, asked).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CommandFailure);
  const { message } = failure as Error;
  expect(message).not.toMatch(/\n|secret|rec-/);
  return message;
}

describe("a truth in a column", () => {
  test("says who a record is", async () => {
    const personOf = await peopleOf([people], request("who"));
    expect(personOf.get("rec-1-org")).toBe(personOf.get("rec-1-dup"));
  });

  test("records of unknown people are each their own person", async () => {
    const personOf = await peopleOf([people], request("who"));
    expect(new Set(personOf.values()).size).toBe(3);
  });

  test("may be a part of the value, the group of the pattern or all that it matches", async () => {
    for (const pattern of [/rec-(\d+)/, /\d+/]) {
      const personOf = await peopleOf([people], request("id", pattern));
      expect([...personOf.values()]).toEqual(["1", "1", "2", "3"]);
    }
  });

  test("SEC2 that does not match the pattern is told with its record, without its value", async () => {
    expect(await failureOf(request("id", /rec-1/))).toBe(
      "people.csv, record 3: the truth does not match --truth-pattern.",
    );
  });

  test("must be a column of every file", () => {
    const other: Table = { ...people, columns: ["id", "email", "other"] };
    expect(isColumn([people, people], request("who"))).toBe(true);
    expect(isColumn([people, other], request("who"))).toBe(false);
    expect(() => checkTruth([people, other], request("who"))).toThrow(
      "neither a column of the records nor a file",
    );
    expect(() => checkTruth([people], request("nobody"))).toThrow(CommandFailure);
    expect(() => checkTruth([people], request(undefined))).not.toThrow();
  });

  test("of two files with the same ids keeps them apart", async () => {
    const personOf = await peopleOf([people, people], request("who"));
    expect(personOf.get("1/rec-1-org")).toBe(personOf.get("2/rec-1-dup"));
    expect(personOf.size).toBe(8);
  });
});

describe("a truth in a file", () => {
  const all = "rec-1-org,p1\nrec-1-dup,p1\nrec-2-org,p2\nrec-3-org,\n";

  test("of ids and people, in any order of its columns", async () => {
    const personOf = await peopleOf(
      [people],
      request(await fileOf(`person,id\n${all.replaceAll(/(.*),(.*)/g, "$2,$1")}`)),
    );
    expect(personOf.get("rec-1-org")).toBe(personOf.get("rec-1-dup"));
    expect(new Set(personOf.values()).size).toBe(3);
  });

  test("that leaves records out says how many", async () => {
    const path = await fileOf("id,person\nrec-1-org,p1\n");
    expect(await failureOf(request(path))).toBe("truth.csv says nothing of 3 of the 4 records.");
  });

  test("of one column is none", async () => {
    expect(await failureOf(request(await fileOf("id\nrec-1-org\n")))).toContain("has one column");
  });

  test("of labelled pairs: one half and more is one person", async () => {
    const path = await fileOf(
      "id_l,id_r,score\nrec-1-org,rec-1-dup,1.0\nrec-1-org,rec-2-org,0.49\nrec-2-org,rec-3-org,0.5\n",
    );
    expect(await readTruth([people], request(path))).toEqual({
      kind: "pairs",
      pairs: [
        ["rec-1-org", "rec-1-dup", true],
        ["rec-1-org", "rec-2-org", false],
        ["rec-2-org", "rec-3-org", true],
      ],
    });
  });

  test("of labelled pairs without a score, or of records that are not there", async () => {
    expect(await failureOf(request(await fileOf("id_l,id_r\na,b\n")))).toContain(
      "no column with a score",
    );
    const path = await fileOf("id_l,id_r,score\nrec-1-org,rec-1-dup,1\nrec-1-org,rec-9-org,1\n");
    expect(await failureOf(request(path))).toBe(
      "truth.csv, record 2: the pair names a record that is not there.",
    );
  });
});

test("no truth is asked for, none is read", async () => {
  expect(await readTruth([people], request(undefined))).toBeNull();
});
