import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Statement } from "@regulars/shared/storage/port";
import { expect, test } from "vitest";
import { pushAll } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale, SOURCE } from "../../testing/settings.ts";
import { openTill, temporaryFolder, type Till } from "../../testing/till.ts";
import type { ArchiveFolder } from "./archive-folder.ts";
import { openArchiveFolder } from "./archive-folder.ts";
import { assemble, HEADER_BYTES, readHeader, startOf } from "./segment-file.ts";
import { verifyFolder } from "./verify-folder.ts";
import { verifyJournal } from "./verify.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

async function openArchived(sales = 26): Promise<Till> {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({ edge });
  for (let n = 0; n < sales; n++) {
    await till.captured(sale({ idempotencyKey: `k${n}`, externalId: `pos-${n}` }));
  }
  await pushAll(till);
  await till.sync.pull();
  await till.moveRows();
  return till;
}

const codesOf = async (till: Till): Promise<string[]> =>
  (await verifyFolder(till.dataDir)).problems.map(({ code }) => code);

async function firstFile(till: Till): Promise<string> {
  const folder = join(till.dataDir, "archive");
  const [name] = (await readdir(folder)).filter((each) => each.startsWith("1-1-"));
  return join(folder, name!);
}

test("CAP7 SYN1: a whole journal is verified while its till goes on", async () => {
  const till = await openArchived();
  expect(await verifyFolder(till.dataDir)).toMatchObject({
    epochs: 1,
    segments: 2,
    rows: 26,
    problems: [],
  });
  const [report] = await Promise.all([
    verifyFolder(till.dataDir),
    ...Array.from({ length: 20 }, () => till.captured(sale())),
  ]);
  expect(report.problems).toEqual([]);
  expect(await verifyFolder(till.dataDir)).toMatchObject({ rows: 46, problems: [] });
});

test("CAP7 SYN5: every byte of an archive file counts, each flipped by itself", async () => {
  const till = await openArchived(15);
  const file = await firstFile(till);
  const name = file.split("/").at(-1)!;
  const whole = await readFile(file);
  const bent = Buffer.from(whole);
  const real = openArchiveFolder(join(till.dataDir, "archive"));
  const folder: ArchiveFolder = {
    ...real,
    readAll: async (of) => (of === name ? bent : real.readAll(of)),
  };
  expect((await verifyJournal(till.storage, folder, SOURCE)).problems).toEqual([]);
  let found = 0;
  for (let at = 0; at < whole.length; at++) {
    bent[at] = whole[at]! ^ (1 << (at % 8));
    const { problems } = await verifyJournal(till.storage, folder, SOURCE);
    if (problems.some((problem) => problem.file === name)) found += 1;
    bent[at] = whole[at]!;
  }
  expect(whole.length).toBeGreaterThan(1_500);
  expect(found).toBe(whole.length);
}, 60_000);

test("CAP7: a file that is missing, and one that nobody names, are told by name", async () => {
  const till = await openArchived();
  const file = await firstFile(till);
  await rename(file, join(till.dataDir, "archive", "elsewhere.rows"));
  const { problems } = await verifyFolder(till.dataDir);
  expect(problems).toEqual([
    { code: "file_missing", epoch: 1, file: file.split("/").at(-1) },
    { code: "file_unnamed", epoch: null, file: "elsewhere.rows" },
  ]);
});

const HARMS: readonly [string, Statement, readonly string[]][] = [
  [
    "a row's bytes are bent",
    { sql: "update journal set body = replace(body, 'mug', 'mig') where seq = 23" },
    ["row_damaged"],
  ],
  ["a row is gone", { sql: "delete from journal where seq = 23" }, ["row_missing"]],
  ["the last row is gone", { sql: "delete from journal where seq = 26" }, ["head_wrong"]],
  ["the first row is gone", { sql: "delete from journal where seq = 21" }, ["row_missing"]],
  [
    "a row follows another one",
    { sql: "update journal set prev = hash where seq = 24" },
    ["chain_broken", "row_damaged"],
  ],
  [
    "the writer stands elsewhere",
    { sql: "update writer set seq = seq + 1 where epoch = 1" },
    ["head_wrong"],
  ],
  [
    "a file is not named any more",
    { sql: "delete from archive where first_seq = 1" },
    ["row_missing", "file_unnamed"],
  ],
  [
    "a file is named with other bytes",
    { sql: "update archive set sha256 = hash where first_seq = 1" },
    ["file_damaged"],
  ],
];

test.each(HARMS)("CAP7 SYN1: verifying tells that %s", async (_what, harm, codes) => {
  const till = await openArchived();
  await till.storage.write([harm]);
  expect(await codesOf(till)).toEqual(codes);
});

test("CAP7: verifying tells that the terms of a file are not those of its rows", async () => {
  const till = await openArchived();
  const bytes = await readFile(await firstFile(till));
  const { filter, index, blocks, rows, ...of } = readHeader(bytes.subarray(0, HEADER_BYTES));
  const sealed = { filter, index, blocks, rows };
  const header = { ...of, ...sealed };
  const partOf = (part: keyof typeof sealed): Uint8Array => {
    const at = startOf(header, part);
    return bytes.subarray(at, at + sealed[part].bytes);
  };
  for (const part of ["index", "filter"] as const) {
    const parts = {
      filter: partOf("filter"),
      index: partOf("index"),
      blocks: partOf("blocks"),
      rows: partOf("rows"),
      [part]: new Uint8Array(sealed[part].bytes),
    };
    const file = await assemble(of, parts, () => Promise.resolve());
    await writeFile(join(till.dataDir, "archive", file.name), file.bytes);
    await till.storage.write([
      {
        sql: "update archive set file = ?, sha256 = ? where first_seq = 1",
        args: [file.name, file.sha256],
      },
    ]);
    const { problems } = await verifyFolder(till.dataDir);
    expect(problems[0]).toEqual({ code: "index_wrong", epoch: 1, file: file.name });
  }
});

async function run(args: readonly string[]): Promise<{ code: unknown; out: string; err: string }> {
  const child = spawn(process.execPath, [MAIN, "verify", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exited) as [number | null];
  return { code, out, err };
}

test("CAP7: the command says in one line what it found, and fails when that is something", async () => {
  const till = await openArchived();
  const well = await run(["--data", till.dataDir]);
  expect(well).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(well.out)).toEqual(await verifyFolder(till.dataDir));
  const file = await firstFile(till);
  await writeFile(file, "nothing");
  const ill = await run(["--data", till.dataDir]);
  expect(ill.code).toBe(1);
  expect(JSON.parse(ill.out)).toMatchObject({ problems: [{ code: "file_damaged", epoch: 1 }] });
  await rm(file);
  const nowhere = await run(["--data", await temporaryFolder()]);
  expect(nowhere).toMatchObject({ code: 1, out: "" });
  expect(nowhere.err).toContain("holds no till's database");
  expect((await run([])).err).toBe("Verifying needs --data.\n");
});
