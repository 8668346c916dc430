import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { rowsOf } from "@regulars/shared/storage/port";
import { expect, onTestFinished, test } from "vitest";
import { SOURCE, STORE } from "../../testing/settings.ts";
import { openTill, temporaryFolder } from "../../testing/till.ts";
import { openDatabase } from "./open-database.ts";
import { openFolder } from "./open-folder.ts";

const script = (name: string): string =>
  fileURLToPath(new URL(`../../testing/${name}`, import.meta.url));

test("CAP2: the database is in WAL mode with full sync", async () => {
  const { storage } = await openTill();
  const [journalMode = [], synchronous = []] = await storage.read([
    { sql: "pragma journal_mode" },
    { sql: "pragma synchronous" },
  ]);
  expect([journalMode[0], synchronous[0]]).toEqual([{ journal_mode: "wal" }, { synchronous: 2 }]);
});

test("CAP2: a second process on the same folder is refused until the first is gone, however it went", async () => {
  const dataDir = await temporaryFolder();
  const first = spawn(process.execPath, [script("capture-until-killed.ts"), dataDir, "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void first.kill("SIGKILL"));
  for await (const line of createInterface(first.stdout)) if (line !== "opening") break;
  await expect(
    openFolder({ dataDir: dataDir, source: SOURCE, store: STORE }),
  ).rejects.toMatchObject({
    reason: "already_running",
    message: `Another agent is already running on the folder ${dataDir}.`,
  });
  first.kill("SIGKILL");
  await once(first, "exit");
  const folder = await openFolder({ dataDir: dataDir, source: SOURCE, store: STORE });
  await expect(
    openFolder({ dataDir: dataDir, source: SOURCE, store: STORE }),
  ).rejects.toMatchObject({ reason: "already_running" });
  await folder.close();
});

test("CAP3: after BUSY an acknowledged write is there for everybody and survives SIGKILL", async () => {
  expect(await kept("adapter")).toEqual(["SQLITE_BUSY", ["other", "till"]]);
  // Why the adapter exists. When this fails, @libsql/client has been mended and CAP3 may go.
  expect(await kept("bare")).toEqual(["SQLITE_BUSY", ["other"]]);
});

test("a damaged database, and another source's folder, are refused in one sentence", async () => {
  const damaged = await temporaryFolder();
  await writeFile(join(damaged, "store-agent.db"), "not a database ".repeat(500));
  await expect(
    openFolder({ dataDir: damaged, source: SOURCE, store: STORE }),
  ).rejects.toMatchObject({
    reason: "damaged",
    message: `The database file ${join(damaged, "store-agent.db")} is damaged or is no database; restore it or move it away.`,
  });
  const foreign = await temporaryFolder();
  await (await openFolder({ dataDir: foreign, source: "till-9", store: STORE })).close();
  await expect(
    openFolder({ dataDir: foreign, source: SOURCE, store: STORE }),
  ).rejects.toMatchObject({ reason: "other_source" });
  await (await openFolder({ dataDir: foreign, source: "till-9", store: STORE })).close();
});

/** What the client was told when the file was held, and who is in the file after the kill. */
async function kept(how: "adapter" | "bare"): Promise<[string, unknown[]]> {
  const file = join(await temporaryFolder(), "kept.db");
  const child = spawn(process.execPath, [script("meet-busy.ts"), file, how], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const storage = openDatabase(file);
  onTestFinished(() => storage.close());
  const rows = await rowsOf(storage, "select who from kept order by rowid");
  return [said.trim(), rows.map(({ who }) => who)];
}
