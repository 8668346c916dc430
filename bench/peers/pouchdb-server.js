/** An Express PouchDB server on disk: argument {folder, port}. */
import { join } from "node:path";
import express from "express";
import expressPouchDb from "express-pouchdb";
import PouchDB from "pouchdb";

const { folder, port } = JSON.parse(process.argv[2]);
const Databases = PouchDB.defaults({ prefix: `${folder}/`, adapter: "leveldb" });
const app = express();
app.use(
  "/",
  expressPouchDb(Databases, {
    // What replication needs, and no log, sessions or web pages beside it.
    mode: "minimumForPouchDB",
    inMemoryConfig: true,
    logPath: join(folder, "log.txt"),
  }),
);
app.listen(port, "127.0.0.1", () => process.send({ ready: true }));
