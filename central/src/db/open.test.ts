import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterEach, beforeEach, expect, test } from "vitest";
import { freePort, temporaryFolder } from "../testing/database.ts";
import { openDatabase } from "./open.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());
const url = (name = "central.db") => `file:${join(folder.path, name)}`;

test("a database is opened again with what it holds, and the schema is applied once", async () => {
  const first = await openDatabase({ url: url() });
  await first.write([{ sql: "insert into resolution (name, value) values ('k', 'r')" }]);
  first.close();
  const second = await openDatabase({ url: url() });
  expect(await rowsOf(second, "select value from resolution")).toEqual([{ value: "r" }]);
  const [mode = {}] = await rowsOf(second, "pragma journal_mode");
  const [sync = {}] = await rowsOf(second, "pragma synchronous");
  expect([mode, sync]).toEqual([{ journal_mode: "wal" }, { synchronous: 2 }]);
  const [log = {}] = await rowsOf(second, "pragma wal_autocheckpoint");
  expect(log).toEqual({ wal_autocheckpoint: LIMITS.centreLogBytes / 4_096 });
  second.close();
});

test("CAP2 a second process on the same file is refused in a sentence, until the first has gone", async () => {
  const first = await openDatabase({ url: url() });
  await expect(openDatabase({ url: url() })).rejects.toThrow(
    /^The database file:.*central\.db cannot be used: it is open in another process\.$/,
  );
  first.close();
  (await openDatabase({ url: url() })).close();
});

test("what cannot be opened is named with the reason, in a sentence", async () => {
  await writeFile(
    join(folder.path, "text.db"),
    "this is no database, but long enough to be read as one".repeat(30),
  );
  const port = await freePort();
  const sentences: [string, RegExp][] = [
    [url("text.db"), /cannot be used: the file is not a database\.$/],
    [
      url("no/such/folder.db"),
      /cannot be used: its folder does not exist or may not be written\.$/,
    ],
    [`http://127.0.0.1:${port}`, /cannot be used: no server answers there\.$/],
    ["gopher://example.org", /its address must be file:…, http:\/\/… or libsql:\/\/…\.$/],
    ["nonsense", /its address must be file:…, http:\/\/… or libsql:\/\/…\.$/],
  ];
  for (const [address, sentence] of sentences) {
    await expect(openDatabase({ url: address })).rejects.toThrow(sentence);
  }
});
