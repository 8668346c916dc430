/** The least that a read can be: a Worker, a Durable Object, one row. */

/** A path that is answered without a question to anybody. */
export const NOTHING = "/nothing";

export const BARE_WORKER = `
import { DurableObject } from "cloudflare:workers";

export class Bare extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("create table if not exists text (name text primary key, json text) without rowid");
  }
  read(name) {
    const [row] = this.ctx.storage.sql.exec("select json from text where name = ?", name).toArray();
    return row.json;
  }
  write(names, json) {
    this.ctx.storage.transactionSync(() => {
      for (const name of names)
        this.ctx.storage.sql.exec("insert or replace into text values (?, ?)", name, json);
    });
  }
}

const SHARDS = 4;
const shardOf = (name) => String(name.charCodeAt(1) % SHARDS);

export default {
  async fetch(request, env) {
    const name = new URL(request.url).pathname.slice(1);
    if (name === "nothing") return new Response("{}", { headers: { "content-type": "application/json" } });
    const stubOf = (shard) => env.BARE.get(env.BARE.idFromName(shard));
    if (request.method === "PUT") {
      const { names, json } = await request.json();
      for (const [shard, own] of Map.groupBy(names, shardOf)) await stubOf(shard).write(own, json);
      return new Response(null, { status: 204 });
    }
    const stub = stubOf(shardOf(name));
    return new Response(await stub.read(name), { headers: { "content-type": "application/json" } });
  },
};
`;
