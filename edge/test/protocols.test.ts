/** Tills of older protocols at the edge of today, byte for byte; its answers go through the schemas of then. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import fragments1 from "../../shared/fixtures/protocol-1/fragments.json?raw";
import publish1 from "../../shared/fixtures/protocol-1/publish.json?raw";
import pull1 from "../../shared/fixtures/protocol-1/pull.json?raw";
import push1 from "../../shared/fixtures/protocol-1/push.json?raw";
import schemas1 from "../../shared/fixtures/protocol-1/schemas.json" with { type: "json" };
import fragments2 from "../../shared/fixtures/protocol-2/fragments.json?raw";
import publish2 from "../../shared/fixtures/protocol-2/publish.json?raw";
import pull2 from "../../shared/fixtures/protocol-2/pull.json?raw";
import push2 from "../../shared/fixtures/protocol-2/push.json?raw";
import schemas2 from "../../shared/fixtures/protocol-2/schemas.json" with { type: "json" };
import fragments3 from "../../shared/fixtures/protocol-3/fragments.json?raw";
import publish3 from "../../shared/fixtures/protocol-3/publish.json?raw";
import pull3 from "../../shared/fixtures/protocol-3/pull.json?raw";
import push3 from "../../shared/fixtures/protocol-3/push.json?raw";
import schemas3 from "../../shared/fixtures/protocol-3/schemas.json" with { type: "json" };
import { tillToken } from "./callers.ts";
import { until } from "./settle.ts";

afterEach(() => reset());

type Name = keyof typeof schemas1;
type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

const PROTOCOLS = [
  {
    protocol: 1,
    fragments: fragments1,
    publish: publish1,
    pull: pull1,
    push: push1,
    decisions: 2,
    schemaOf: (name: Name) => z.fromJSONSchema(schemas1[name] as JsonSchema),
  },
  {
    protocol: 2,
    fragments: fragments2,
    publish: publish2,
    pull: pull2,
    push: push2,
    decisions: 4,
    schemaOf: (name: Name) => z.fromJSONSchema(schemas2[name] as JsonSchema),
  },
  {
    protocol: 3,
    fragments: fragments3,
    publish: publish3,
    pull: pull3,
    push: push3,
    decisions: 7,
    schemaOf: (name: Name) => z.fromJSONSchema(schemas3[name] as JsonSchema),
  },
];

async function post(path: string, token: string, body: string): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    // Protocol 1 knew none; sent all the same, it is right.
    [CONTENT_DIGEST]: await contentDigestOf(body),
  };
  const url = `https://edge.test/v1/${path}`;
  const response = await exports.default.fetch(url, { method: "POST", headers, body });
  expect(response.status).toBe(200);
  return response.json();
}

const writerSchema = z.object({ source: z.string(), store: z.string(), epoch: z.int() });
async function asTill(path: string, body: string): Promise<unknown> {
  const { source, store, epoch } = writerSchema.parse(JSON.parse(body));
  return post(path, await tillToken(source, store, epoch), body);
}

test.each(PROTOCOLS)(
  "SYN9: a till of protocol $protocol is accepted and merged, and understands every answer",
  async ({ push, pull, fragments, schemaOf }) => {
    const accepted = await asTill("push", push);
    expect(schemaOf("pushAnswerSchema").parse(accepted)).toMatchObject({ outcome: "accepted" });
    const pulled = await until(
      () => asTill("pull", pull),
      (answer) => JSON.stringify(answer).includes('"merged":9'),
    );
    expect(schemaOf("pullAnswerSchema").safeParse(pulled).error).toBeUndefined();
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
    expect(schemaOf("pushAnswerSchema").parse(answer)).toMatchObject({ outcome: "gap" });
  },
);

test.each(PROTOCOLS)(
  "SYN9: a centre of protocol $protocol publishes, and understands the answer",
  async ({ publish, decisions, schemaOf }) => {
    const answer = await post("publish", env.REGULARS_CENTRAL_TOKEN, publish);
    expect(schemaOf("publishAnswerSchema").parse(answer)).toMatchObject({ applied: decisions });
  },
);
