/**
 * The five steps of CAP3 in a process that ends by SIGKILL: another connection holds the file, the client meets BUSY,
 * the file is free again, the client writes and is told that it is done.
 *
 *   node meet-busy.ts FILE adapter|bare
 */
import { createClient } from "@libsql/client";
import { openDatabase } from "../src/db/open-database.ts";

const [file = "", how] = process.argv.slice(2);
const row = { sql: "insert into kept (who) values ('till')", args: [] };

const storage = openDatabase(file);
await storage.write([{ sql: "create table kept (who text not null)" }]);
const bare = createClient({ url: `file:${file}`, timeout: 50 });
const write = how === "bare" ? () => bare.batch([row], "write") : () => storage.write([row]);
await bare.execute("select * from kept");

const other = createClient({ url: `file:${file}` });
const held = await other.transaction("write");
await held.execute("insert into kept (who) values ('other')");
const code = await write().then(
  () => "no error",
  (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "other"),
);
await held.commit();
if (how === "bare") await bare.execute(row);
else await write();
process.stdout.write(`${code}\n`, () => process.kill(process.pid, "SIGKILL"));
