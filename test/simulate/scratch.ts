import { createDatabasePool } from "./database.ts";
const pool = await createDatabasePool();
const db = pool.take("inbox");
const bench = (name: string, sql: string, args: any[]) => { for (let i = 0; i < 2000; i++) db.read([{ sql, args }]); const t = performance.now(); for (let i = 0; i < 20000; i++) db.read([{ sql, args }]); console.log(name, ((performance.now() - t) / 20).toFixed(1), "us"); };
bench("drain", `select m.store, i.source, i.epoch, i.seq, i.code, i.subject, i.updates
     from mark m join item i on i.source = m.source and i.epoch = m.epoch
       and i.seq > m.merged and i.seq <= m.merged + ?
     where m.accepted > m.merged and m.closed = ? order by i.source, i.epoch, i.seq limit ?`, [100, 0, 100]);
bench("one", "select 1", []);
bench("marks", "select * from mark where source = ?", ["a"]);
const t = performance.now(); for (let i = 0; i < 2000; i++) db.write([{ sql: "insert or replace into mark (source, epoch, store, accepted, hash, seen_ms, offset_ms, closed) values ('a',1,'s',1,'h',0,0,0)" }]); console.log("write", (performance.now() - t) / 2, "us");
