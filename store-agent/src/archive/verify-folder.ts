/** Verifies the folder of a till, also while its agent runs: `regulars-agent verify --data DIR`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client";
import { createLibsqlStorage } from "@regulars/shared/storage/libsql";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { ARCHIVE_FOLDER, DATABASE_FILE } from "../db/open-folder.ts";
import { checkKey } from "../encryption/check-key.ts";
import { folderKeysOf } from "../encryption/folder-keys.ts";
import { sealArchiveFolder } from "../encryption/sealed-archive.ts";
import { OpenRefused } from "../open-refused.ts";
import { openArchiveFolder } from "./archive-folder.ts";
import { verifyJournal, type VerifyReport } from "./verify.ts";

export async function verifyFolder(dataDir: string, encryptionKey?: string): Promise<VerifyReport> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) {
    throw new OpenRefused("folder_unusable", `The folder ${dataDir} holds no till's database.`);
  }
  const keys = encryptionKey === undefined ? undefined : folderKeysOf(encryptionKey);
  await checkKey(file, keys?.database);
  const files = openArchiveFolder(join(dataDir, ARCHIVE_FOLDER));
  const folder = keys ? sealArchiveFolder(files, keys.archive) : files;
  // Before the database: what is written from here on is not looked for.
  const names = await folder.names();
  const client = createClient({
    url: pathToFileURL(file).href,
    ...(keys ? { encryptionKey: keys.database } : {}),
  });
  try {
    const report = await inOneMoment(client, async (storage) => {
      const tables = await rowsOf(storage, "select 1 from sqlite_master where name = 'archive'");
      if (tables.length === 0) {
        const message = `The database in ${dataDir} is of an older agent: start this one on it once.`;
        throw new OpenRefused("folder_unusable", message);
      }
      const [owner] = await rowsOf(storage, "select value from setting where name = 'source'");
      return verifyJournal(storage, folder, owner ? textOf(owner, "value") : "");
    });
    // After it: a file is there for a moment before the database names it.
    const named = await inOneMoment(client, (storage) =>
      rowsOf(storage, "select file from archive"),
    );
    const known = new Set(named.map((row) => textOf(row, "file")));
    const unnamed = names.filter((name) => !known.has(name));
    const more = unnamed.map((name) => ({
      code: "file_unnamed" as const,
      epoch: null,
      file: name,
    }));
    return { ...report, problems: [...report.problems, ...more] };
  } finally {
    client.close();
  }
}

/** A read transaction of its own connection: the agent, which writes through another one, is not held up by it. */
async function inOneMoment<Value>(
  client: Client,
  task: (storage: Storage) => Promise<Value>,
): Promise<Value> {
  const transaction = await client.transaction("read");
  try {
    const batch = (statements: Parameters<typeof transaction.batch>[0]) =>
      transaction.batch(statements);
    return await task(createLibsqlStorage(() => ({ batch, close: () => undefined })));
  } finally {
    await transaction.rollback();
  }
}
