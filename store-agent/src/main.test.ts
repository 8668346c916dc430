import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../testing/till.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const { NODE_COMPILE_CACHE } = process.env;
const ENVIRONMENT = {
  REGULARS_PEPPER: "pepper-of-the-tests",
  REGULARS_LOCAL_TOKEN: "local-token-of-the-tests",
};

function start(dataDir: string, more: string[] = [], env: object = ENVIRONMENT): ChildProcess {
  const args = [
    "--data",
    dataDir,
    "--source",
    "till-1",
    "--store",
    "store-1",
    "--port",
    "0",
    ...more,
  ];
  const child = fork(MAIN, args, {
    env: { NODE_COMPILE_CACHE, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

test("says when it is ready, and ends in order by SIGTERM and when its parent lets go", async () => {
  const dataDir = await temporaryFolder();
  for (const end of [(c: ChildProcess) => c.kill("SIGTERM"), (c: ChildProcess) => c.disconnect()]) {
    const child = start(dataDir);
    const log = text(child.stdout!);
    const [message] = (await once(child, "message")) as [{ ready: boolean; port: number }];
    expect(message.ready).toBe(true);
    const health = await fetch(`http://127.0.0.1:${message.port}/health`);
    expect(await health.json()).toEqual({ ok: true, words: "all is well" });
    end(child);
    expect(await once(child, "exit")).toEqual([0, null]);
    const messages = (await log)
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { msg: string });
    expect(messages.map(({ msg }) => msg)).toEqual(["ready", "closed"]);
  }
});

test("SEC2: secrets come from files as well; what the folder is encrypted with is asked for when it is verified", async () => {
  const [dataDir, secrets] = [await temporaryFolder(), await temporaryFolder()];
  const keyFile = join(secrets, "encryption-key");
  await writeFile(keyFile, `${"k".repeat(32)}\n`, { mode: 0o600 });
  const child = start(dataDir, [], { ...ENVIRONMENT, REGULARS_ENCRYPTION_KEY_FILE: keyFile });
  await once(child, "message");
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  async function verify(env: object): Promise<[string, unknown[]]> {
    const options = { env: { NODE_COMPILE_CACHE, ...env }, silent: true };
    const verifying = fork(MAIN, ["verify", "--data", dataDir], options);
    const said = Promise.all([text(verifying.stdout!), text(verifying.stderr!)]);
    const ended = await once(verifying, "exit");
    return [(await said).join("").trim(), ended];
  }
  const [report, ended] = await verify({ REGULARS_ENCRYPTION_KEY_FILE: keyFile });
  expect([JSON.parse(report), ended]).toMatchObject([{ problems: [] }, [0, null]]);
  const database = join(dataDir, "store-agent.db");
  expect(await verify({})).toEqual([
    `The database file ${database} is encrypted, and no key was given.`,
    [1, null],
  ]);
});

test("SYN3: with its high-water mark on another disk, a folder that came back from a backup is known", async () => {
  const dataDir = await temporaryFolder();
  const outside = ["--high-water", join(await temporaryFolder(), "mark")];
  const backup = await temporaryFolder();
  const headers = {
    authorization: `Bearer ${ENVIRONMENT.REGULARS_LOCAL_TOKEN}`,
    "content-type": "application/json",
  };
  const body = JSON.stringify({
    kind: "sale",
    lines: [{ sku: "A1", quantity: "1", unitPrice: "2.50" }],
  });
  const receipts: string[] = [];
  async function sellOnce(): Promise<void> {
    const child = start(dataDir, outside);
    const [{ port }] = (await once(child, "message")) as [{ port: number }];
    const url = `http://127.0.0.1:${port}/v1/captures`;
    const answer = await fetch(url, { method: "POST", headers, body });
    receipts.push(((await answer.json()) as { receipt: string }).receipt);
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  await sellOnce();
  await cp(dataDir, backup, { recursive: true });
  await sellOnce();
  await rm(dataDir, { recursive: true });
  await cp(backup, dataDir, { recursive: true });
  await sellOnce();
  expect(receipts).toEqual(["till-1-1-000001", "till-1-1-000002", "till-1-2-000003"]);
});

test.each([
  [
    ["--zone", "Mars/Base"],
    ENVIRONMENT,
    "The agent cannot start: zone is not a time zone such as Europe/London.",
  ],
  [["--nonsense"], ENVIRONMENT, "Unknown option '--nonsense'"],
  [
    ["--edge", "ftp://127.0.0.1"],
    ENVIRONMENT,
    "The agent cannot start: edgeUrl is not a valid url.",
  ],
  [[], {}, "The environment lacks REGULARS_PEPPER, REGULARS_LOCAL_TOKEN"],
  [
    [],
    { ...ENVIRONMENT, REGULARS_ENCRYPTION_KEY: "" },
    "The agent cannot start: encryptionKey must be at least 32 characters.",
  ],
  [
    [],
    { ...ENVIRONMENT, REGULARS_ENCRYPTION_KEY_FILE: "/nowhere/key" },
    "The file of REGULARS_ENCRYPTION_KEY_FILE cannot be read (ENOENT).",
  ],
])(
  "a start that cannot succeed is one sentence and exit code 1: %j",
  async (args, env, sentence) => {
    const child = start(await temporaryFolder(), args, env);
    const said = text(child.stderr!);
    expect(await once(child, "exit")).toEqual([1, null]);
    expect((await said).trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
  },
);
