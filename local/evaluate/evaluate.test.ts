/** The command itself, as it is run: one line of JSON, or one sentence. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const data = resolve(root, "../shared/data/identity");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evaluate-"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function evaluate(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["local/evaluate-identity.ts", ...args],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return { code: status, out: stdout, err: stderr };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

const PEOPLE = `id,first_name,surname,dob,email,phone,who
a1,Anna,Lee,1980-05-14,anna.lee@example.com,07700900123,p1
a2,Anna,Lee,1980-05-14,anna.lee@example.com,,p1
"b""1",Peter,Okafor,1955-11-30,peter@example.com,07700900456,p2
c1,Ruth,Meyer,1990-02-17,,,p3
`;

const KEYS = [
  "precision", "recall", "f1", "bestF1", "bestThreshold", "bCubedPrecision", "bCubedRecall", "bCubedF1",
  "falseMergesPer1000", "falseSplitsPer1000", "potentialMatches", "records", "customers", "wallSeconds", "pairs",
  "pairsPerSecond", "peakMemoryMb",
]; // prettier-ignore

const reportOf = ({ out }: Ended): Record<string, unknown> =>
  JSON.parse(out) as Record<string, unknown>;
const timeless = (ended: Ended) => ({
  ...reportOf(ended),
  wallSeconds: 0,
  pairsPerSecond: 0,
  peakMemoryMb: 0,
});

describe("an evaluation", () => {
  test("prints one line of JSON with all scores, writes the clusters, and does the same again", async () => {
    const people = await file("people.csv", PEOPLE);
    const clusters = join(folder, "clusters.csv");
    const ask = ["--records", people, "--id", "id", "--truth", "who", "--country", "GB"];
    const first = evaluate(...ask, "--clusters", clusters);
    expect(first.code).toBe(0);
    expect(first.out).toMatch(/^\{.*\}\n$/);
    expect(Object.keys(reportOf(first))).toEqual(expect.arrayContaining(KEYS));
    for (const key of KEYS) expect(reportOf(first)[key]).toEqual(expect.any(Number));
    expect(reportOf(first)).toMatchObject({
      precision: 1,
      recall: 1,
      f1: 1,
      records: 4,
      customers: 3,
    });
    expect(await readFile(clusters, "utf8")).toBe(
      'record,customer\n"a1",1\n"a2",1\n"b""1",2\n"c1",3\n',
    );
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(timeless(evaluate(...ask))).toEqual(timeless(first));
    expect(timeless(evaluate(...ask, "--shuffle", "7"))).toEqual(timeless(first));
  });

  test("of a header alone has no records and no customers", async () => {
    const empty = evaluate(
      "--records",
      await file("empty.csv", "id,email,who\n"),
      "--id",
      "id",
      "--truth",
      "who",
    );
    expect([empty.code, reportOf(empty)]).toEqual([
      0,
      expect.objectContaining({ records: 0, customers: 0, pairs: 0 }),
    ]);
  });

  test("without a truth tells what was found and no scores", async () => {
    const ended = evaluate("--records", await file("people.csv", PEOPLE), "--id", "id");
    expect(reportOf(ended)).toMatchObject({ records: 4, customers: 3 });
    expect(reportOf(ended)).not.toHaveProperty("f1");
  });
});

describe("SEC2 what cannot be done is told in one sentence, without what records say, and writes nothing", () => {
  test.each([
    ["an id that is not there", PEOPLE, ["--id", "key"], 'no column "key"'],
    [
      "a truth that does not match",
      PEOPLE,
      ["--id", "id", "--truth", "who", "--truth-pattern", "p[12]"],
      "record 4: the truth does not match",
    ],
    ["a damaged line", `${PEOPLE}x,Anna\n`, ["--id", "id"], "line 6: the number of fields"],
    ["the same id twice", `${PEOPLE}a1,Anna,Lee,,,,p1\n`, ["--id", "id"], "record 5: the id"],
    ["no option", PEOPLE, [], "The option --id is missing"],
  ])("%s", async (_what, text, args, said) => {
    const clusters = join(folder, "never.csv");
    const ended = evaluate(
      "--records",
      await file("bad.csv", text),
      ...args,
      "--clusters",
      clusters,
    );
    expect([ended.code, ended.out]).toEqual([1, ""]);
    const last = ended.err.trimEnd().split("\n").at(-1);
    expect(last).toContain(said);
    expect(ended.err).not.toMatch(/Anna|Okafor|example\.com|\n\s+at /);
    expect(existsSync(clusters)).toBe(false);
  });

  test("a place where clusters cannot be written", async () => {
    const clusters = join(folder, "no-such-folder", "clusters.csv");
    const ended = evaluate(
      "--records",
      await file("people.csv", PEOPLE),
      "--id",
      "id",
      "--clusters",
      clusters,
    );
    expect([ended.code, ended.out]).toEqual([1, ""]);
    expect(ended.err.trimEnd().split("\n").at(-1)).toBe(
      "The clusters cannot be written to clusters.csv (ENOENT).",
    );
  });

  test("clusters that were there stay whole", async () => {
    const clusters = await file("kept.csv", "record,customer\n");
    const ended = evaluate(
      "--records",
      await file("people.csv", PEOPLE),
      "--id",
      "id",
      "--truth",
      "who",
      "--truth-pattern",
      "x",
      "--clusters",
      clusters,
    );
    expect(ended.code).toBe(1);
    expect(await readFile(clusters, "utf8")).toBe("record,customer\n");
  });
});

describe.skipIf(!existsSync(data))("IDN5 records of known people", () => {
  test.each([
    ["splink_fake_1000.csv", ["--id", "unique_id", "--truth", "cluster"], 0.9],
    [
      "febrl_dataset1.csv",
      ["--id", "rec_id", "--truth", "rec_id", "--truth-pattern", "rec-(\\d+)"],
      0.99,
    ],
  ])("%s are found", (name, args, least) => {
    const ended = evaluate("--records", join(data, name), ...args);
    expect(reportOf(ended)["f1"]).toBeGreaterThanOrEqual(least);
    expect(reportOf(ended)["precision"]).toBeGreaterThanOrEqual(0.99);
  });
});
