/** A till of protocol 1 at the edge of today, byte for byte; its answers go through the schemas of then. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import fragments from "../../shared/fixtures/protocol-1/fragments.json?raw";
import publish from "../../shared/fixtures/protocol-1/publish.json?raw";
import pull from "../../shared/fixtures/protocol-1/pull.json?raw";
import push from "../../shared/fixtures/protocol-1/push.json?raw";
import schemas from "../../shared/fixtures/protocol-1/schemas.json" with { type: "json" };
import { until } from "./settle.ts";

afterEach(() => reset());

type Name = keyof typeof schemas;
const then = (name: Name): z.ZodType =>
  z.fromJSONSchema(schemas[name] as Parameters<typeof z.fromJSONSchema>[0]);

async function post(path: string, token: string, body: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const url = `https://edge.test/v1/${path}`;
  const response = await exports.default.fetch(url, { method: "POST", headers, body });
  expect(response.status).toBe(200);
  return response.json();
}
const asTill = (path: string, body: string) => post(path, env.REGULARS_AGENT_TOKEN, body);

test("SYN9: is accepted and merged, and every answer is one that it understands", async () => {
  const accepted = await asTill("push", push);
  expect(then("pushAnswerSchema").parse(accepted)).toMatchObject({ outcome: "accepted" });
  const pulled = await until(
    () => asTill("pull", pull),
    (answer) => JSON.stringify(answer).includes('"merged":9'),
  );
  expect(then("pullAnswerSchema").safeParse(pulled).error).toBeUndefined();
  const { changes } = z
    .object({ changes: z.array(z.object({ profile: z.object({ keys: z.array(z.string()) }) })) })
    .parse(
      await until(
        () => asTill("pull", pull),
        (answer) => JSON.stringify(answer).includes("Prefers oat milk"),
      ),
    );
  const { fragments: known } = z
    .object({ fragments: z.array(z.object({ key: z.string() })) })
    .parse(JSON.parse(fragments));
  const keys = changes.flatMap(({ profile }) => profile.keys);
  for (const { key } of known) expect(keys).toContain(key);

  expect(await asTill("push", push), "sent again").toMatchObject({ outcome: "accepted" });
  const body = z.looseObject({ items: z.array(z.looseObject({ seq: z.int() })) });
  const later = body.parse(JSON.parse(push));
  const gap = { ...later, items: [{ ...later.items[0], seq: 99 }] };
  const answer = await asTill("push", JSON.stringify(gap));
  expect(then("pushAnswerSchema").parse(answer)).toMatchObject({ outcome: "gap" });
});

test("SYN9: a centre of protocol 1 publishes, and understands the answer", async () => {
  const answer = await post("publish", env.REGULARS_CENTRAL_TOKEN, publish);
  expect(then("publishAnswerSchema").parse(answer)).toMatchObject({ applied: 2 });
});
