/** An intake in Node: the machine itself over storage in memory, its inbox by the real function that takes a push. */
import type { Account } from "@regulars/shared/connect/account";
import type { RegularsEvent } from "@regulars/shared/events/event";
import { eventSchema } from "@regulars/shared/events/event";
import type { Mapper } from "@regulars/shared/connect/mapper";
import { base64ToBytes } from "@regulars/shared/digest";
import { applyUpdate, clockOf, openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf, fragmentIdOf } from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import { migrate } from "@regulars/shared/storage/migrate";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { INBOX_MIGRATIONS } from "../../edge/src/inbox/tables.ts";
import { createMarks } from "../../edge/src/inbox/marks.ts";
import { createAside } from "../../edge/src/inbox/aside.ts";
import { takePush } from "../../edge/src/inbox/take-push.ts";
import { createIntake } from "../../edge/src/intake/intake.ts";
import { MAPPERS } from "../../edge/src/intake/platforms.ts";
import type { ReceivedItem } from "../../edge/src/intake/port.ts";
import { verifyKept } from "../../edge/src/intake/verify.ts";
import type { AccountWithSecrets } from "../../edge/src/registry/port.ts";
import { createMemoryStorage } from "../storage/memory.ts";

export const START_MS = Date.UTC(2026, 2, 1, 12);
export const PEPPER = "pepper-for-tests-only";

export const accountOf = (id: string, more: Partial<Account> = {}): AccountWithSecrets => ({
  id,
  kind: "file",
  shop: "web-uk",
  realm: "shop",
  channel: "web",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
  secrets: {},
  ...more,
});

export interface World {
  readonly storage: Storage;
  readonly inboxStorage: Storage;
  readonly clock: { ms: number };
  readonly accounts: Map<string, AccountWithSecrets>;
  readonly mappers: Record<string, Mapper>;
  /** Answers what is fetched and what is sent to alert addresses. */
  answer: (request: Request) => Promise<Response>;
  isInboxFull: boolean;
  readonly errors: string[];
}

export async function newWorld(
  accounts: readonly AccountWithSecrets[],
  storage: Storage = createMemoryStorage(),
): Promise<World> {
  const inboxStorage = createMemoryStorage();
  await migrate(inboxStorage, INBOX_MIGRATIONS);
  return {
    storage,
    inboxStorage,
    clock: { ms: START_MS },
    accounts: new Map(accounts.map((account) => [account.id, account])),
    mappers: { ...MAPPERS },
    answer: () => Promise.resolve(new Response("away", { status: 503 })),
    isInboxFull: false,
    errors: [],
  };
}

/** A run of the object on what is stored: opened anew after each crash. */
export async function openIntake(world: World, storage = world.storage) {
  const directory = { claimEpoch: () => Promise.resolve({ granted: true, nextEpoch: 2 }) };
  const nowMs = () => world.clock.ms;
  /** As an inbox that has just been opened: of a push, all that counts is in storage. */
  async function marksNow() {
    const marks = createMarks(world.inboxStorage, nowMs);
    await marks.open();
    return marks;
  }
  const intake = createIntake({
    storage,
    shop: "web-uk",
    pepper: PEPPER,
    mappers: world.mappers,
    verify: verifyKept,
    accountOf: (id) => Promise.resolve(world.accounts.get(id) ?? null),
    inbox: {
      push: async (push) =>
        world.isInboxFull
          ? null
          : takePush(
              {
                storage: world.inboxStorage,
                marks: await marksNow(),
                aside: createAside(world.inboxStorage),
                directory,
                nowMs,
              },
              push,
              false,
            ),
      needsOf: () => Promise.resolve([]),
    },
    fetch: (request) => world.answer(request),
    nowMs,
    random: () => 0.5,
    setAlarm: () => Promise.resolve(),
    wait: (ms) => {
      world.clock.ms += ms;
      return Promise.resolve();
    },
    onError: (what, error) => world.errors.push(`${what}: ${String(error)}`),
  });
  await intake.open();
  return intake;
}

export type Intake = Awaited<ReturnType<typeof openIntake>>;

/** All rounds until nothing is due, then `moreMs` later once more. */
export async function settle(world: World, intake: Intake, moreMs = 0): Promise<void> {
  await intake.alarm();
  await intake.alarm();
  if (moreMs === 0) return;
  world.clock.ms += moreMs;
  await intake.alarm();
  await intake.alarm();
}

export const itemOf = (
  capture: { readonly key?: string; readonly [field: string]: unknown },
  more: Partial<ReceivedItem> = {},
) => ({
  format: "file",
  topic: "capture",
  key: `delivery ${capture.key ?? JSON.stringify(capture)}`,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(capture)),
  receivedAtMs: START_MS,
  ...more,
});

/** What the inbox of the shop has, in the order of each journal. */
export async function eventsOf({ inboxStorage }: World): Promise<RegularsEvent[]> {
  const rows = await rowsOf(inboxStorage, "select body from item order by source, epoch, seq");
  return rows.map((row) => eventSchema.parse(JSON.parse(textOf(row, "body"))));
}

export const kindsOf = (events: readonly RegularsEvent[]): string[] =>
  events.map(({ source, kind }) => `${source} ${kind}`);

export function netOf(events: readonly RegularsEvent[]): number {
  return events.reduce(
    (sum, { body }) =>
      sum + ("totalMinor" in body && "receipt" in body ? (body.totalMinor ?? 0) : 0),
    0,
  );
}

/** The fragments as an edge builds them from what was pushed: every update has to be the next one. Their money in all. */
export async function mergedOf({ inboxStorage }: World): Promise<number> {
  const rows = await rowsOf(
    inboxStorage,
    "select source, epoch, updates from item order by source, epoch, seq",
  );
  const docs = new Map<string, ReturnType<typeof openDocument>>();
  for (const row of rows) {
    const [source, epoch] = [textOf(row, "source"), numberOf(row, "epoch")];
    const clientId = clientIdOf(source, epoch);
    for (const { key, update, sha256 } of JSON.parse(textOf(row, "updates")) as FragmentUpdate[]) {
      const id = fragmentIdOf(source, epoch, key);
      const doc = docs.get(id) ?? openDocument(null);
      docs.set(id, doc);
      const bytes = base64ToBytes(update);
      const clock = clockOf(doc, clientId);
      const { verdict } = decideUpdate({ update: bytes, sha256, clientId, clock });
      if (verdict !== "next") throw new Error(`an update is a ${verdict}`);
      applyUpdate(doc, bytes);
    }
  }
  const totals = [...docs.values()].flatMap((doc) => Object.values(readContribution(doc).totals));
  return totals.reduce((sum, { minor }) => sum + minor, 0);
}
