/** The least that a write can be: a Worker, a Durable Object, one row for each request, durable before the answer. */

export const BARE_WORKER = `
import { DurableObject } from "cloudflare:workers";

export class BareRows extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec("create table if not exists item (n integer primary key, json text)");
  }
  write(json) {
    this.ctx.storage.sql.exec("insert into item (json) values (?)", json);
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "GET") return new Response("{}");
    const store = new URL(request.url).pathname.slice(1);
    await env.BARE.get(env.BARE.idFromName(store)).write(await request.text());
    return new Response(null, { status: 204 });
  },
};
`;
