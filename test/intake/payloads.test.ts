/** What platforms really send, through the whole machine: in any order, with repetitions, it ends with the same money. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import type { Account } from "@regulars/shared/connect/account";
import { splitBatch } from "@regulars/shared/connect/segment/split";
import { sha256Uint32 } from "@regulars/shared/digest";
import { rowsOf } from "@regulars/shared/storage/port";
import { PLATFORMS } from "../../edge/src/intake/platforms.ts";
import type { ReceivedItem } from "../../edge/src/intake/port.ts";
import {
  accountOf,
  eventsOf,
  itemOf,
  mergedOf,
  netOf,
  newWorld,
  openIntake,
  settle,
  START_MS,
} from "./machine.ts";

const PAYLOADS = new URL("../../../shared/data/payloads/", import.meta.url).pathname;

type Kind = "shopify" | "woocommerce" | "square" | "segment";

function filesOf(kind: Exclude<Kind, "segment">): ReceivedItem[] {
  return globSync(`${PAYLOADS}${kind}/*.json`)
    .toSorted()
    .flatMap((path) => {
      const body = new Uint8Array(readFileSync(path));
      const topic = PLATFORMS[kind]?.topicOf({}, body) ?? "";
      const isAnswer = kind === "square" && path.includes("Response");
      const more = { body, format: kind, topic: isAnswer ? "api" : topic };
      return itemOf({ key: basename(path) }, more);
    });
}

function messagesOfSegment(): ReceivedItem[] {
  const lines = readFileSync(`${PAYLOADS}segment_spec_examples.jsonl`, "utf8").trim().split("\n");
  const batch = lines.map((line) => (JSON.parse(line) as { payload: unknown }).payload);
  const split = splitBatch(new TextEncoder().encode(JSON.stringify({ batch })), {});
  const messages = split.ok ? split.value.messages : [];
  return messages.map((message, at) =>
    itemOf({}, { ...message, key: `${at}`, format: "segment", receivedAtMs: START_MS }),
  );
}

/** In an order that the seed says, a third of them twice. */
function shuffled(items: readonly ReceivedItem[], seed: number): ReceivedItem[] {
  const again = items
    .filter((_, at) => sha256Uint32(`${seed} ${at}`) % 3 === 0)
    .map((item) => ({ ...item, key: `${item.key} again` }));
  return [...items, ...again].toSorted(
    (a, b) => sha256Uint32(`${seed}/${a.key}`) - sha256Uint32(`${seed}/${b.key}`),
  );
}

async function outcomeOf(kind: Kind, items: readonly ReceivedItem[]) {
  const account = accountOf(kind, {
    kind: kind as Account["kind"],
    secrets: { apiToken: "t" },
  } as object);
  const world = await newWorld([account]);
  const order = `${PAYLOADS}square/RetrieveOrderResponse.json`;
  world.answer = () => Promise.resolve(new Response(readFileSync(order)));
  const intake = await openIntake(world);
  for (const item of items) {
    await intake.receive(account, [item]);
    if (sha256Uint32(item.key) % 4 === 0) await settle(world, intake);
  }
  await settle(world, intake, 3_600_000);
  await settle(world, intake, 3_600_000);
  const events = await eventsOf(world);
  const [row] = await rowsOf(
    world.storage,
    "select count(*) as items from received where code = 'internal'",
  );
  return {
    events: events.length,
    net: netOf(events),
    merged: await mergedOf(world),
    internal: row?.["items"],
    errors: world.errors,
  };
}

describe.skipIf(!existsSync(PAYLOADS))(
  "with the payloads of platforms (skipped without them)",
  () => {
    test.each(["shopify", "woocommerce", "square", "segment"] as const)(
      "ING1, ING2: %s, in any order and with repetitions",
      async (kind) => {
        const items = kind === "segment" ? messagesOfSegment() : filesOf(kind);
        expect(items.length).toBeGreaterThan(10);
        const first = await outcomeOf(kind, items);
        expect(first.events).toBeGreaterThan(0);
        expect(first).toMatchObject({ internal: 0, errors: [] });
        console.info(`${kind}: ${first.events} events, ${first.net} minor units`);
        for (let seed = 1; seed <= 6; seed++) {
          const { net, internal } = await outcomeOf(kind, shuffled(items, seed));
          expect({ seed, net, internal }).toEqual({ seed, net: first.net, internal: 0 });
        }
      },
    );
  },
);
