import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import { pushAll } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { sale, SOURCE, STORE } from "../../testing/settings.ts";
import {
  countWholeChain,
  journalOf,
  openTill,
  temporaryFolder,
  type TillOptions,
} from "../../testing/till.ts";
import { verifyFolder } from "../archive/verify-folder.ts";
import { openFolder } from "../db/open-folder.ts";
import { KEY_FILE, openTillKey } from "../db/till-key.ts";
import { folderKeysOf } from "./folder-keys.ts";

const KEY = "a key of this till, and of no other";
const OTHER = "a key that is as long, but of another";
const ADA = { email: "ada.lovelace@example.org", givenName: "Augusta" };

/** Every file of the folder by its path, but for what SQLite shares in memory and the lock, which is empty. */
async function filesOf(folder: string): Promise<Map<string, Buffer>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile() && !/-shm$|^agent\.lock/.test(each.name));
  const paths = files.map((each) => join(each.parentPath, each.name)).toSorted();
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readFile(path)] as const)),
  );
}

async function digestsOf(folder: string): Promise<object> {
  const files = [...(await filesOf(folder))];
  return Object.fromEntries(files.map(([path, bytes]) => [path, hash("sha256", bytes)]));
}

/** Has sold to Ada, was heard by head office, and has archived all but the newest rows. */
async function oldTill(options: TillOptions) {
  const edge = createFakeEdge();
  edge.goldenBut = 0;
  const till = await openTill({ edge, ...options });
  for (let n = 0; n < 16; n++) await till.captured(sale({ externalId: `Pos-${n}`, customer: ADA }));
  await pushAll(till);
  await till.sync.pull();
  await till.moveRows();
  await till.captured(sale({ customer: ADA }));
  return till;
}

const SAID = [ADA.email, ADA.givenName, "lovelace", "Pos-2", STORE];

/** Of what a till in the clear says of Ada, what the files of the folder say. */
async function saidIn(folder: string): Promise<string[]> {
  const all = Buffer.concat([...(await filesOf(folder)).values()]);
  return SAID.filter((word) => all.includes(word));
}

test("SEC2: with a key, nothing of a customer is in any file of the folder: database, log, archive", async () => {
  const plain = await oldTill({});
  expect(await saidIn(plain.dataDir)).toEqual(SAID);
  const till = await oldTill({ encryptionKey: KEY });
  expect(await saidIn(till.dataDir)).toEqual([]);
  const files = await filesOf(till.dataDir);
  const [name] = await readdir(join(till.dataDir, "archive"));
  const archived = files.get(join(till.dataDir, "archive", name!))!;
  expect(archived.subarray(0, 8).toString()).toBe("RGLRSEA1");
  // As large as its content, and not empty by mistake.
  expect(archived.length).toBeGreaterThan(1_200);
  expect(files.get(join(till.dataDir, "store-agent.db-wal"))!.length).toBeGreaterThan(100_000);
});

test("SEC2 CAP7: with its key an encrypted till reads all of it again, and can be verified", async () => {
  const till = await oldTill({ encryptionKey: KEY });
  const journal = await till.journal();
  const { dataDir } = till;
  await till.close();
  const again = await openTill({ dataDir, encryptionKey: KEY });
  expect(await again.journal()).toEqual(journal);
  expect(journal.length).toBeGreaterThan(16);
  const [found] = await again.lookup("Pos-2"); // an archived one
  expect(found?.profile.fields.givenName?.value).toBe("Augusta");
  expect(await verifyFolder(dataDir, KEY)).toMatchObject({ problems: [], rows: journal.length });
});

test("SEC2 CAP1: a key that does not fit, or is missing, is one sentence and changes nothing, also after a crash", async () => {
  const dataDir = await temporaryFolder();
  const receipts = await sellUntilKilled(dataDir);
  const before = await digestsOf(dataDir);
  const database = join(dataDir, "store-agent.db");
  expect((await filesOf(dataDir)).get(`${database}-wal`)!.length).toBeGreaterThan(0);
  const folder = { dataDir, source: SOURCE, store: STORE };
  for (const [encryptionKey, sentence] of [
    [
      OTHER,
      `The database file ${database} is encrypted with another key than the one that was given.`,
    ],
    [undefined, `The database file ${database} is encrypted, and no key was given.`],
  ] as const) {
    const refusal = { reason: "wrong_key", message: sentence };
    await expect(openFolder({ ...folder, encryptionKey })).rejects.toMatchObject(refusal);
    await expect(verifyFolder(dataDir, encryptionKey)).rejects.toMatchObject(refusal);

    await collectGarbage();
    expect(await digestsOf(dataDir)).toEqual(before);
  }
  const till = await openTill({ dataDir, encryptionKey: KEY });
  const journalled = (await journalOf(till.storage)).flatMap(({ receipt }) => receipt ?? []);
  expect(journalled).toEqual(expect.arrayContaining(receipts));
  expect(await countWholeChain(till.storage)).toBeGreaterThan(receipts.length);
});

test("SEC2: a folder that is not encrypted is not opened with a key, and says what can be done", async () => {
  const till = await openTill();
  await till.captured(sale({ customer: ADA }));
  const { dataDir } = till;
  await till.close();
  await collectGarbage(); // its own log goes into the file with it
  const before = await digestsOf(dataDir);
  await expect(openTill({ dataDir, encryptionKey: KEY })).rejects.toMatchObject({
    reason: "wrong_key",
    message: `The database file ${join(dataDir, "store-agent.db")} is not encrypted, but a key was given: start without the key, or with a new folder.`,
  });
  await collectGarbage();
  expect(await digestsOf(dataDir)).toEqual(before);
  expect(await (await openTill({ dataDir })).lookup(ADA.email)).toHaveLength(1);
});

test("SEC1 SEC2: the till's own key is encrypted as well, and good with its folder's key only", async () => {
  const file = join(await temporaryFolder(), KEY_FILE);
  const { tillKey } = folderKeysOf(KEY);
  const made = await openTillKey(file, tillKey);
  const text = await readFile(file, "utf8");
  expect(text).toMatch(/^[\w-]+$/);
  expect(Buffer.from(text, "base64url").includes("Ed25519")).toBe(false);
  expect((await openTillKey(file, tillKey)).publicKey).toBe(made.publicKey);
  const other = await openTillKey(file, folderKeysOf(OTHER).tillKey);
  expect(other.publicKey).not.toBe(made.publicKey);
});

/** A connection that is closed lives on until its statements are collected, and writes to its file as it dies. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString("--expose-gc");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the flag puts there
  const gc = runInNewContext("gc") as () => void;
  for (let times = 0; times < 3; times++) {
    gc();
    await setTimeout(1); // finalizers run after it
  }
}

/** The receipts that were answered. */
async function sellUntilKilled(dataDir: string): Promise<string[]> {
  const script = fileURLToPath(new URL("../../testing/capture-until-killed.ts", import.meta.url));
  const child = spawn(process.execPath, [script, dataDir, "1"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, REGULARS_ENCRYPTION_KEY: KEY },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const receipts: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const receipt = /-\d{6}$/.test(line) ? line.split(" ")[1] : undefined;
    if (receipt !== undefined) receipts.push(receipt);
    if (receipts.length >= 20) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  return receipts;
}
