import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { PATIENCE } from "./edge-client.ts";
import { main, type Surroundings } from "./import.ts";
import { account, type Edge, KEY, startEdge } from "./testing/fake-edge.ts";

let folder = "";
let edge: Edge;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-import-"));
  edge = await startEdge();
});
afterEach(async () => {
  edge.server.closeAllConnections();
  edge.server.close();
  await rm(folder, { recursive: true });
});

const around = (change: Partial<Surroundings> = {}) => {
  const printed: string[] = [];
  const told: string[] = [];
  const surroundings: Surroundings = {
    key: KEY,
    stateFolder: join(folder, "state"),
    patience: { ...PATIENCE, attempts: 4, wait: () => Promise.resolve() },
    print: (text) => printed.push(text),
    tell: (line) => told.push(line),
    bar: () => ({ show: () => undefined, stop: () => undefined }),
    ...change,
  };
  return { surroundings, printed, told };
};

/** 2,500 receipts and one that cannot be read. */
async function salesFile(): Promise<string[]> {
  const rows = Array.from({ length: 2_500 }, (_, at) => `R${at},2026-05-10,A,1.00`);
  const file = join(folder, "sales.csv");
  const map = join(folder, "map.json");
  await writeFile(file, `Receipt,Date,Sku,Amount\n${rows.join("\n")}\nRX,2026-05-10,A,much\n`);
  const saved = await main(["--format", "csv", "--save-map", map, file], around().surroundings);
  expect(saved).toBe(0);
  return [file, "--format", "csv", "--account", account.id, "--edge", edge.url, "--map", map];
}

async function run(args: readonly string[], change: Partial<Surroundings> = {}) {
  const { surroundings, printed, told } = around(change);
  const code = await main(args, surroundings);
  return { code, told, summary: JSON.parse(printed.at(-1) ?? "null") as Record<string, unknown> };
}

const killed = () => Promise.reject(new Error("killed"));

const sentence = async (args: readonly string[], change: Partial<Surroundings> = {}) => {
  const failure: unknown = await main(args, around(change).surroundings).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CommandFailure);
  return failure instanceof Error ? failure.message : "";
};

const to = (...args: string[]) => [...args, "--account", account.id, "--edge", edge.url];

describe("an import", () => {
  test("posts what a file says, what cannot be read to the desk, and says what it came to", async () => {
    const { code, summary, told } = await run(await salesFile());
    expect(code).toBe(0);
    expect(summary).toEqual({
      records: 2_501,
      captures: 2_500,
      accepted: 2_501,
      duplicates: 0,
      failed: 1,
      refused: 0,
      skippedByReason: {},
      failedByReason: { "bad_money: amount": 1 },
      failedAtByReason: { "bad_money: amount": { unit: "line", numbers: [2_502] } },
      money: { GBP: 250_000 },
    });
    expect(told).toEqual([
      "1 × line 2502: An amount of money is not a decimal number in its currency: amount",
    ]);
    const { failed, raw } = JSON.parse(edge.desk[0]!) as { failed: object; raw: string };
    expect(failed).toMatchObject({ code: "bad_money", field: "amount" });
    expect(Buffer.from(raw, "base64").toString()).toContain("RX");
  });

  test("CAP6: run twice it has one effect", async () => {
    const args = await salesFile();
    await run(args);
    const { summary } = await run(args);
    expect(summary).toMatchObject({ accepted: 0, duplicates: 2_501, money: { GBP: 250_000 } });
    expect(edge.keys.size).toBe(2_501);
  });

  test("interrupted and run again it goes on from what was acknowledged", async () => {
    const args = await salesFile();
    edge.postsUntilAway = 2;
    const stopping = { ...PATIENCE, attempts: 4, wait: killed };
    await expect(run(args, { patience: stopping })).rejects.toThrow("killed");
    expect(edge.keys.size).toBe(2_000);
    expect(await readdir(join(folder, "state"))).toHaveLength(1);
    edge.postsUntilAway = Infinity;
    const { summary, told } = await run(args);
    expect(told[0]).toBe("Goes on after 2000 records.");
    expect(summary).toMatchObject({ records: 2_501, accepted: 2_501, duplicates: 0 });
    expect(await readdir(join(folder, "state"))).toHaveLength(0);
  });

  test("a busy edge is waited for, and batches that are too large for it are halved", async () => {
    const args = await salesFile();
    edge.maxLines = 300;
    edge.refusals.push(429, 503, 429);
    const { summary } = await run(args);
    expect(summary).toMatchObject({ accepted: 2_501, duplicates: 0 });
  });

  test("lines that the edge cannot use make the exit code tell", async () => {
    const file = join(folder, "some.ndjson");
    const claim = { kind: "claim", key: "c1", at: "2026-05-10T10:00:00Z", customer: { email: "a@example.com" } }; // prettier-ignore
    await writeFile(file, `${JSON.stringify(claim)}\nnot json\n`);
    const args = [file, "--format", "ndjson", "--account", account.id, "--edge", edge.url];
    expect(await run(args)).toMatchObject({
      code: 0,
      summary: { accepted: 2, failedByReason: { not_json: 1 } },
    });
  });

  test("of which nothing could be used fails, and says where to look", async () => {
    const args = await salesFile();
    const file = args[0] ?? "";
    const times = [1, 2, 3, 4].map((at) => `R${at},someday,A,1.00`);
    await writeFile(file, ["Receipt,Date,Sku,Amount", ...times].join("\n"));
    const some = await run(args);
    expect(some).toMatchObject({ code: 1, summary: { captures: 0, failed: 4, accepted: 4 } });
    expect(some.told).toEqual([
      "4 × lines 2, 3, 4, 5: A time cannot be read: at",
      expect.stringMatching(/^No record of the file could be used: /),
    ]);
    const { surroundings, printed } = around();
    const map = args.at(-1) ?? "";
    expect(await main([file, "--format", "csv", "--preview", "--map", map], surroundings)).toBe(0);
    expect(printed.at(-1)).toContain("  ! 4 × lines 2, 3, 4, 5: A time cannot be read: at\nNo record"); // prettier-ignore

    const short = ["R1,2026-05-10,A,1.00", ...Array.from({ length: 7 }, (_, at) => `R${at},x`)];
    await writeFile(file, ["Receipt,Date,Sku,Amount", ...short].join("\n"));
    expect(await run(args)).toMatchObject({
      code: 0,
      told: ["7 × lines 3, 4, 5, 6, 7, …: A row has fewer or more fields than the line that names the columns"], // prettier-ignore
    });
    await writeFile(file, "Receipt,Date,Sku,Amount\n");
    expect(await run(args), "an empty day").toMatchObject({ code: 0, told: [] });
  });

  test("names lines of messages, and records where there are no lines", async () => {
    const claim = JSON.stringify({ kind: "claim", key: "c1", at: "2026-05-10T10:00:00Z", customer: { email: "a@example.com" } }); // prettier-ignore
    const file = join(folder, "some.ndjson");
    await writeFile(file, `${claim}\n\nnot json\n${claim}\nnor this`);
    expect((await run(to(file, "--format", "ndjson"))).told).toEqual([
      "2 × lines 3, 5: The body is not JSON; it may have been cut off on its way",
    ]);
    await writeFile(file, `[\n\n${claim},\n{}]`);
    expect((await run(to(file, "--format", "ndjson"))).told[0]).toMatch(/^1 × record 2: /);
  });

  test("names the lines that the edge could not use, whatever the batch they were in", async () => {
    const args = await salesFile();
    edge.maxLines = 300;
    edge.unusable.add("R999").add("R2001");
    const { code, told } = await run(args);
    expect(code).toBe(2);
    expect(told[0]).toBe("2 × lines 1001, 2003: It is no capture");
  });
});

describe("one sentence says what is wrong", () => {
  test("about the command", async () => {
    const file = join(folder, "a.csv");
    await writeFile(file, "Email\na@example.com\n");
    expect(await sentence(to("nowhere.csv", "--format", "csv"))).toBe("The file nowhere.csv does not exist."); // prettier-ignore
    expect(await sentence(to(file, "--format", "xls"))).toMatch(/^This format is not known; these are: poslog, csv/); // prettier-ignore
    expect(await sentence(to(file, "--format", "csv"))).toMatch(/needs a mapping/);
    const map = join(folder, "map.json");
    const mapping = { version: 1, what: "customers", encoding: "utf-8", delimiter: ",", decimalMark: ".", dateOrder: "dmy", columns: { email: "Mail" } }; // prettier-ignore
    await writeFile(map, JSON.stringify(mapping));
    expect(await sentence(to(file, "--format", "csv", "--map", map))).toBe('The mapping names columns that the file does not have: "Mail".'); // prettier-ignore
    await writeFile(map, JSON.stringify({ ...mapping, columns: { mail: "Email" } }));
    expect(await sentence(to(file, "--format", "csv", "--map", map))).toMatch(/^The mapping map.json cannot be used: columns/); // prettier-ignore
  });

  test("about the edge and the key", async () => {
    const args = await salesFile();
    expect(await sentence(args, { key: undefined })).toMatch(/REGULARS_API_KEY/);
    expect(await sentence(args, { key: "other" })).toMatch(/^The edge does not accept this key\.$/); // prettier-ignore
    edge.refusals.push(403);
    expect(await sentence(args)).toMatch(/needs the scope `events`/);
    edge.refusals.push(503, 503, 503, 503);
    expect(await sentence(args)).toMatch(/cannot be reached \(it answers 503\)\. Run the same command again/); // prettier-ignore
    edge.server.closeAllConnections();
    await new Promise((resolve) => {
      edge.server.close(resolve);
    });
    expect(await sentence(args)).toMatch(/cannot be reached \(it does not answer\)/);
  });

  test("SEC2: no state and no sentence holds a value of the file", async () => {
    const args = await salesFile();
    edge.refusals.push(400);
    expect(await sentence(args)).not.toMatch(/R1\b|much/);
    await run(args).catch(() => undefined);
    for (const name of await readdir(join(folder, "state"))) {
      expect(await readFile(join(folder, "state", name), "utf8")).not.toMatch(/R1\b|much/);
    }
  });
});
