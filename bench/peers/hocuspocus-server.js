/** A Hocuspocus server with its SQLite extension: argument {folder, port}. Tells how many stores have been committed. */
import { join } from "node:path";
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const { folder, port } = JSON.parse(process.argv[2]);

/** Each commit is durable, and costs one sync of the disk instead of the three of a rollback journal. */
class FastSqlite extends SQLite {
  async onConfigure() {
    await super.onConfigure();
    this.db.pragma("journal_mode = wal");
    this.db.pragma("synchronous = full");
  }
}

let stored = 0;
const server = new Server({
  port,
  address: "127.0.0.1",
  quiet: true,
  // A document comes in one update, and is stored at once.
  debounce: 0,
  extensions: [new FastSqlite({ database: join(folder, "documents.sqlite") })],
  async afterStoreDocument() {
    stored += 1;
  },
});
process.on("message", () => process.send({ stored }));
await server.listen();
process.send({ ready: true });
