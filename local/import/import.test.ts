import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectCaptureSchema } from "@regulars/shared/connect/captures";
import { CommandFailure } from "../command.ts";
import { PATIENCE } from "./edge-client.ts";
import { main, type Surroundings } from "./import.ts";

const KEY = "rk_test_secret";
const account = {
  id: "old-tills",
  kind: "file",
  shop: "town",
  realm: "tills",
  channel: "import",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
};

/** What the edge promises an importer, and no more: each key has one effect. */
interface Edge {
  readonly url: string;
  readonly keys: Set<string>;
  readonly desk: string[];
  /** Statuses that are answered before anything is taken. */
  readonly refusals: number[];
  maxLines: number;
  /** Then it is away. */
  postsUntilAway: number;
  server: Server;
}

async function startEdge(): Promise<Edge> {
  const server = createServer((request, response) => {
    void (async () => {
      const { status, json, headers = {} } = await answer(request);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(json));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const edge: Edge = { url: `http://127.0.0.1:${port}`, keys: new Set(), desk: [], refusals: [], maxLines: 5_000, postsUntilAway: Infinity, server }; // prettier-ignore

  async function answer(request: IncomingMessage) {
    if (request.headers.authorization !== `Bearer ${KEY}`) return { status: 401, json: {} };
    if (request.method === "GET") {
      const isKnown = request.url === `/v1/accounts/${account.id}`;
      return { status: isKnown ? 200 : 404, json: account };
    }
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const status = edge.postsUntilAway-- > 0 ? edge.refusals.shift() : 503;
    if (status !== undefined) return { status, json: {}, headers: { "retry-after": "0" } };
    if (request.headers["content-type"] !== "application/x-ndjson")
      return { status: 415, json: {} };
    const lines = body.split("\n").filter((line) => line !== "");
    return lines.length > edge.maxLines
      ? { status: 413, json: {} }
      : { status: 200, json: take(lines) };
  }

  function take(lines: readonly string[]) {
    let accepted = 0;
    let duplicates = 0;
    const failed: { line: number; code: string; words: string }[] = [];
    for (const [at, line] of lines.entries()) {
      const json = JSON.parse(line) as { key: string; failed?: unknown };
      if (json.failed === undefined && !connectCaptureSchema.safeParse(json).success) {
        failed.push({ line: at + 1, code: "bad_field", words: "It is no capture" });
      } else if (edge.keys.has(json.key)) duplicates++;
      else {
        edge.keys.add(json.key);
        accepted++;
        if (json.failed !== undefined) edge.desk.push(line);
      }
    }
    return { accepted, duplicates, failed };
  }
  return edge;
}

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
      money: { GBP: 250_000 },
    });
    expect(told).toEqual([
      "1 × An amount of money is not a decimal number in its currency: amount",
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
