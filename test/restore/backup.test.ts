/** Backups of databases that are in use, and what is refused of them. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, test } from "vitest";
import { takeBackup } from "../../local/backup/backup.ts";
import { restoreBackup } from "../../local/backup/restore.ts";

const folder = mkdtempSync(join(tmpdir(), "regulars-backup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const now = () => new Date("2026-11-26T02:00:00Z");

let made = 0;
/** A till's folder whose database is being written: what is committed is in its write-ahead log. */
function openTill() {
  const data = join(folder, `till-${made++}`);
  mkdirSync(join(data, "archive"), { recursive: true });
  writeFileSync(join(data, "archive/1-1-2048.rgs"), "sealed rows");
  const database = new DatabaseSync(join(data, "store-agent.db"));
  database.exec(
    "pragma journal_mode = wal; create table journal (seq integer primary key, body text)",
  );
  const sell = (seq: number) =>
    database.prepare("insert into journal values (?, ?)").run(seq, `sale ${seq}`);
  sell(1);
  return { data, database, sell };
}

const seqsIn = (data: string) => {
  const database = new DatabaseSync(join(data, "store-agent.db"), { readOnly: true });
  const rows = database.prepare("select seq from journal order by seq").all();
  database.close();
  return rows.map(({ seq }) => seq);
};

test("a backup is what was committed, whole and of one moment, while the writer goes on", async () => {
  const { data, database, sell } = openTill();
  database.exec("begin");
  sell(2); // not committed
  const to = join(folder, "backup-1");
  const manifest = await takeBackup({ part: "till", from: data, to }, now);
  database.exec("commit");
  expect(manifest).toMatchObject({ part: "till", beganAt: "2026-11-26T02:00:00.000Z" });
  expect(manifest.files.map(({ name }) => name)).toEqual([
    "store-agent.db",
    "archive/1-1-2048.rgs",
  ]);
  const restored = join(folder, "restored-1");
  await restoreBackup({ from: to, to: restored });
  expect([seqsIn(restored), seqsIn(data)]).toEqual([[1], [1, 2]]);
  expect(readFileSync(join(restored, "archive/1-1-2048.rgs"), "utf8")).toBe("sealed rows");
  database.close();
});

test("nothing is written over, and nothing is restored that is not what was backed up", async () => {
  const { data, database } = openTill();
  const to = join(folder, "backup-2");
  await takeBackup({ part: "till", from: data, to }, now);
  await expect(takeBackup({ part: "till", from: data, to }, now)).rejects.toThrow(
    "is there already",
  );
  await expect(restoreBackup({ from: to, to: data })).rejects.toThrow("nothing is written over");
  const target = join(folder, "restored-2");
  const damages: [string, (bent: string) => void, string][] = [
    [
      "bent",
      (bent) => writeFileSync(join(bent, "store-agent.db"), flipped(join(bent, "store-agent.db"))),
      "store-agent.db is not what was backed up",
    ],
    ["short", (bent) => rmSync(join(bent, "archive/1-1-2048.rgs")), "1-1-2048.rgs is missing"],
    ["cut-off", (bent) => rmSync(join(bent, "manifest.json")), "it has no manifest"],
    [
      "escaping",
      (bent) =>
        writeFileSync(
          join(bent, "manifest.json"),
          readFileSync(join(bent, "manifest.json"), "utf8").replace(
            '"store-agent.db"',
            '"../x.db"',
          ),
        ),
      "is damaged, or of a newer build",
    ],
  ];
  for (const [name, damage, sentence] of damages) {
    const bent = join(folder, `backup-2-${name}`);
    cpSync(to, bent, { recursive: true });
    damage(bent);
    await expect(restoreBackup({ from: bent, to: target })).rejects.toThrow(sentence);
    expect([existsSync(target), existsSync(`${target}.restoring`)]).toEqual([false, false]);
  }
  database.close();
});

function flipped(file: string): Uint8Array {
  const bytes = readFileSync(file);
  bytes[bytes.length - 20]! ^= 1;
  return bytes;
}

test("a database that is damaged is no backup, and what is not there is said in a sentence", async () => {
  const { data, database } = openTill();
  database.close();
  writeFileSync(
    join(data, "store-agent.db"),
    "this is no database at all, but long enough to look",
  );
  const to = join(folder, "backup-3");
  await expect(takeBackup({ part: "till", from: data, to }, now)).rejects.toThrow(
    "damaged, or encrypted",
  );
  expect([existsSync(to), existsSync(`${to}.making`)]).toEqual([false, false]);
  for (const [part, from, sentence] of [
    ["centre", join(folder, "none.db"), "There is no none.db"],
    ["centre", "libsql://shop.turso.io", "backed up there"],
    ["edge", folder, "holds no objects of an edge"],
  ] as const) {
    await expect(takeBackup({ part, from, to }, now)).rejects.toThrow(sentence);
  }
});
