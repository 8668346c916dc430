import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { PATIENCE } from "./edge-client.ts";
import { main } from "./import.ts";
import { account, type Edge, KEY, startEdge } from "./testing/fake-edge.ts";

const { id, ...body } = account;
const claim = {
  kind: "claim",
  key: "c1",
  at: "2026-05-10T10:00:00Z",
  customer: { email: "a@example.com" },
};

let folder = "";
let edge: Edge;
let file = "";
let accountFile = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-import-"));
  file = join(folder, "some.ndjson");
  accountFile = join(folder, "account.json");
  await writeFile(file, JSON.stringify(claim));
  edge = await startEdge();
});
afterEach(async () => {
  edge.server.closeAllConnections();
  edge.server.close();
  await rm(folder, { recursive: true });
});

/** The exit code, or the sentence. */
async function run(...args: string[]) {
  const printed: string[] = [];
  const ended = await main(args, {
    key: KEY,
    stateFolder: join(folder, "state"),
    patience: { ...PATIENCE, attempts: 1, wait: () => Promise.resolve() },
    print: (text) => printed.push(text),
    tell: () => undefined,
    bar: () => ({ show: () => undefined, stop: () => undefined }),
  }).catch((error: unknown) => {
    if (!(error instanceof CommandFailure)) throw error;
    return error.message;
  });
  return { ended, printed };
}

const imported = (named: string, ...more: string[]) =>
  run(file, "--format", "ndjson", "--account", named, "--edge", edge.url, ...more);

test("SEC1: nothing is sent with the key of another account, whatever a file says of it", async () => {
  const words = "This key does not belong to account other-tills, or it lacks the scope `events`.";
  expect(await imported("other-tills")).toEqual({ ended: words, printed: [] });
  for (const said of [body, { ...body, id: "other-tills" }]) {
    await writeFile(accountFile, JSON.stringify(said));
    const { ended } = await imported("other-tills", "--account-file", accountFile);
    expect(ended).toBe(words);
  }
  expect(edge.keys.size).toBe(0);
});

test("the body that an account is made with tells what it is, for the account that is named", async () => {
  await writeFile(accountFile, JSON.stringify(body));
  expect(await imported(id, "--account-file", accountFile)).toMatchObject({ ended: 0 });
  expect(edge.keys.size).toBe(1);
  const preview = [file, "--format", "ndjson", "--preview", "--account-file", accountFile];
  expect((await run(...preview)).ended).toBe(0);
  expect((await run(...preview, "--account", id)).ended).toBe(0);
});

test("a file about another account than the one that is named is refused, also for a preview", async () => {
  await writeFile(accountFile, JSON.stringify({ ...body, id: "other-tills" }));
  const words = "The file of --account-file is about another account than --account.";
  expect((await imported(id, "--account-file", accountFile)).ended).toBe(words);
  const shown = [file, "--format", "ndjson", "--preview", "--account", id];
  expect((await run(...shown, "--account-file", accountFile)).ended).toBe(words);
  expect(edge.keys.size).toBe(0);
});

test.each([["--help"], ["-h"], [join("nowhere", "file"), "--format", "xls", "--help"]])(
  "%s %s prints the usage and does nothing else",
  async (...args) => {
    const { ended, printed } = await run(...args);
    expect(ended).toBe(0);
    expect(printed).toHaveLength(1);
    for (const word of ["Use: npm run -s import --", "--account-file", "poslog", "--preview"]) {
      expect(printed[0]).toContain(word);
    }
  },
);
