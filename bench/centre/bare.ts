/**
 * The least that a look-up can be: a process with one route, which reads a text by its primary key through libSQL. Asked for a
 * port, it tells it, and goes when it is told to.
 */
import { serve } from "@hono/node-server";
import { createClient } from "@libsql/client";
import { Hono } from "hono";

const [url = ""] = process.argv.slice(2);
const client = createClient({ url, concurrency: 1 });
const app = new Hono();
app.get("/:table/:id", async (c) => {
  const table = c.req.param("table") === "golden" ? "golden" : "timeline";
  const { rows } = await client.execute({
    sql: `select json from ${table} where id = ?`,
    args: [c.req.param("id")],
  });
  const json = rows[0]?.["json"];
  if (typeof json !== "string") return c.notFound();
  return c.body(json, 200, { "content-type": "application/json" });
});
const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  process.send?.({ ready: true, port }),
);
process.once("SIGTERM", () => {
  server.close();
  client.close();
  process.exit(0);
});
