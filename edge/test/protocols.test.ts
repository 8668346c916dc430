/** Tills of older protocols at the edge of today, byte for byte; its answers go through the schemas of then. */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { z } from "zod";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { customerIdOf } from "@regulars/shared/ids";
import { pullAnswerSchema } from "@regulars/shared/protocol/pull";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
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
import { createLoader } from "../src/profile/loaded.ts";
import { rebuildChanged, rebuildProfile } from "../src/profile/merge.ts";
import { createDurableStorage } from "../src/storage.ts";
import { profileStubOf } from "../src/stubs.ts";
import { tillToken } from "./callers.ts";
import { until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

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
    [CONTENT_DIGEST]: contentDigestOf(body),
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

const hasAllSix = (answer: unknown): boolean => JSON.stringify(answer).includes('"seq":6');

test("SYN9: tills of protocol 3 and older hear nothing of what came with protocol 4", async () => {
  const shop = openTill("web-uk-shop", "store-1");
  const [card] = keysOf({ loyaltyNumber: "1001" }) as [string];
  const item = { sku: "tea" };
  const paid = sale(500);
  if (paid.kind !== "sale") throw new Error("a sale is a sale");
  const items = [
    shop.capture([card], { kind: "sale", body: { ...paid.body, order: "4501", shop: "web-uk" } }),
    shop.capture([card], { kind: "claim", body: { claims: {}, traits: { plan: "gold" } } }),
    shop.capture([card], {
      kind: "behaviour",
      body: { type: "page", name: "Teas", items: [item] },
    }),
    shop.capture([card], { kind: "cart", body: { cart: "c1", change: "set", items: [item] } }),
    shop.capture([card], {
      kind: "order",
      body: { order: "4501", state: "paid", currency: "GBP", totalMinor: 500, lines: 1 },
    }),
    shop.capture([card], { kind: "loyalty", body: { program: "club", balancePoints: 5 } }),
    // Of a visitor whom nobody knows: accepted like a sale of nobody.
    shop.capture([], { kind: "behaviour", body: { type: "page", name: "Mugs" } }),
  ];
  await asTill("push", JSON.stringify(shop.push(items)));
  const pull = { ...THIS_VERSION, store: "store-1", source: "till-9", epoch: 1, cursor: null };
  const pullOf = (protocol: number) => asTill("pull", JSON.stringify({ ...pull, protocol }));
  const { changes } = pullAnswerSchema.parse(await until(() => pullOf(4), hasAllSix));
  expect(changes).toHaveLength(1);
  expect(changes).toMatchObject([
    {
      profile: {
        recent: [{ order: "4501", shop: "web-uk" }],
        traits: { plan: { value: "gold", event: "web-uk-shop/1/2" } },
        behaviours: [{ name: "Teas" }],
        carts: [{ cart: "c1", state: "open" }],
        orders: [{ order: "4501", state: "paid" }],
        loyalty: { club: { balancePoints: 5 } },
      },
    },
  ]);
  const later = ["traits", "behaviours", "carts", "closedCarts", "orders", "loyalty"];
  const names = [...later, "order", "shop"].map((name) => `"${name}":`);
  const asTill9 = await tillToken("till-9", "store-1");
  for (const protocol of [1, 2, 3]) {
    const pulled = JSON.stringify(await pullOf(protocol));
    const asked = JSON.stringify({ loyaltyNumber: "1001", protocol });
    const found = JSON.stringify(await post("customers/lookup", asTill9, asked));
    for (const name of names) {
      expect(pulled).not.toContain(name);
      expect(found).not.toContain(name);
    }
    expect(pulled).toContain('"receipt":"r-500"');
    expect(found).toContain('"receipt":"r-500"');
  }
});

test("SYN9, SYN11: a customer whom an older build has stored goes on where it stood", async () => {
  const till = openTill("till-1", "store-1");
  const [card] = keysOf({ loyaltyNumber: "1001" }) as [string];
  const customer = customerIdOf(card);
  await asTill("push", JSON.stringify(till.push([till.capture([card], sale(500))])));
  const shard = profileStubOf(env, customer);
  await until(
    async () => JSON.stringify(await shard.read(customer)),
    (read) => read !== "null",
  );
  await runInDurableObject(shard, async (_object, state) => {
    const storage = createDurableStorage(state.storage);
    const SECTIONS = ["traits", "behaviours", "carts", "closedCarts", "orders", "loyalty"];
    const paths = SECTIONS.map((name) => `'$.${name}'`).join(", ");
    await storage.write([
      { sql: `update profile set json = json_remove(json, ${paths})`, args: [] },
      { sql: `update fragment set contribution = json_remove(contribution, ${paths})`, args: [] },
    ]);
    const read = await createLoader(storage).load([customer]);
    const loaded = read.get(customer)!;
    expect(loaded.profile?.traits).toEqual({});
    expect(rebuildChanged(loaded, DEFAULT_POLICY), "says the same as before").toBe(false);
    rebuildProfile(loaded, DEFAULT_POLICY);
    expect(loaded.profile).toMatchObject({ behaviours: [], totals: { GBP: { minor: 500 } } });
  });
});
