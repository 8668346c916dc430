/** What the tests with malformed messages have in common: who sends, what may come of it, and where traces are looked for. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, onTestFinished, vi } from "vitest";
import * as Y from "yjs";
import { base64ToBytes } from "@regulars/shared/digest";
import { documentState, openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { clientIdOf, customerIdOf } from "@regulars/shared/ids";
import { eventsIntakeSchema, fragmentsIntakeSchema } from "@regulars/shared/protocol/intake";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { buildProfile, profileSchema } from "@regulars/shared/survivorship/profile";
import { deliverRound } from "../src/inbox/deliver.ts";
import { LANES } from "../src/inbox/lanes.ts";
import { createStores } from "../src/stores.ts";
import { inTurns, storesOf } from "../src/objects.ts";
import { deliverRound as deliverFragments } from "../src/profile/deliver.ts";
import { createOwed } from "../src/profile/owed.ts";
import { createDurableStorage } from "../src/storage.ts";
import { inboxOf, profileStub, profileStubOf } from "../src/stubs.ts";
// oxlint-disable-next-line no-restricted-imports -- one generator for every tier
import { isMarked, MARK } from "../../test/fuzz/bend.ts";
import { until, marksIn } from "./settle.ts";
import { keysOf, openTill, sale, START_MS } from "./till.ts";

/** A till of its own for each case, with two rows about a customer of its own: what comes of a case is seen apart. */
export function openCase(n: number, store: string) {
  const source = `case-${n}`;
  const [key = ""] = keysOf({ loyaltyNumber: `card${n}` });
  const till = openTill(source, store);
  const first = till.capture([key], sale(100));
  const begun = base64ToBytes(till.whole(key).update);
  const body = { claims: { givenName: MARK, loyaltyNumber: `card${n}` } };
  const second = till.capture([key], { kind: "claim", body });
  const whole = base64ToBytes(till.whole(key).update);
  const { push } = till;
  return { source, key, customer: customerIdOf(key), push, first, second, begun, whole };
}
export type Case = ReturnType<typeof openCase>;

/** What a profile says that has this fragment and no other; null where the bytes are no fragment of the case's. */
export function contentOf({ source, key }: Case, states: readonly Uint8Array[]): string | null {
  try {
    const doc = openDocument(null);
    for (const state of states) Y.applyUpdate(doc, state);
    if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return null;
    const clients = [...doc.store.clients.keys()];
    if (clients.some((client) => client !== clientIdOf(source, 1))) return null;
    if (documentState(doc).length > 256 * 1024) return null;
    const contribution = readContribution(doc);
    if (contribution.source !== source || contribution.key !== key) return null;
    return textOf(buildProfile([contribution], DEFAULT_POLICY));
  } catch {
    return null;
  }
}

/** What the profile of a case says at the edge; the text of nothing where there is none. */
export async function foundOf({ customer }: Pick<Case, "customer">): Promise<string | null> {
  const answer = await profileStubOf(env, customer).read(customer);
  if (!answer || !("profile" in answer)) return null;
  const {
    customer: _id,
    version: _version,
    golden: _golden,
    ...content
  } = profileSchema.parse(JSON.parse(answer.profile));
  return textOf(content);
}

/** Stamps that a bent clock may have given are clamped to a moment that nobody can tell before (CLK1). */
const textOf = (content: object): string =>
  JSON.stringify(content).replaceAll(/"([0-9a-f]{12})-[0-9a-f]{4}-/g, (stamp, hex: string) =>
    Number.parseInt(hex, 16) > START_MS + 86_400_000 ? '"ahead-' : stamp,
  );

/** Waits until every store has merged what it accepted. */
export const drained = () =>
  until(
    async () => {
      const stores = await storesOf(env);
      const waiting = await inTurns(stores, (store) => inboxOf(env, store).report());
      return waiting
        .flatMap(({ terminals }) => terminals)
        .filter(({ accepted, merged }) => accepted > merged).length;
    },
    (waiting) => waiting === 0,
  );

/** The centre as its schemas are: it takes what they take. */
const border = {
  events(intake: unknown) {
    const { events } = eventsIntakeSchema.parse(JSON.parse(JSON.stringify(intake)));
    const journaled = events.map(({ source, epoch, seq }) => ({ source, epoch, seq }));
    return Promise.resolve({ ...THIS_VERSION, journaled });
  },
  fragments(intake: unknown) {
    fragmentsIntakeSchema.parse(JSON.parse(JSON.stringify(intake)));
    return Promise.resolve({ ...THIS_VERSION, received: 0, refused: [] });
  },
};

/** All that was taken passes the centre's border: a message that does not would hold up its whole store. */
export async function expectDelivery(): Promise<void> {
  for (const store of await storesOf(env)) {
    await runInDurableObject(inboxOf(env, store), async (_object, { storage }) => {
      const own = createDurableStorage(storage);
      const marks = await marksIn(own);
      for (const lane of LANES) while ((await deliverRound(own, marks, border, lane)).moved);
    });
  }
  for (let shard = 0; shard < Number(env.PROFILE_SHARDS); shard++) {
    await runInDurableObject(profileStub(env, `local/${shard}`), async (object, { storage }) => {
      // What it has in memory into its tables.
      await object.alarm?.();
      const mine = createDurableStorage(storage);
      const owed = createOwed(mine);
      const deliver = () =>
        deliverFragments(mine, owed, border, createStores(env), () => undefined);
      while ((await deliver()) === "again");
    });
  }
}

/** Lines that the edge writes; that the centre is away is known. */
export function watchLogs() {
  const lines: string[] = [];
  for (const name of ["error", "warn", "log", "info", "debug"] as const) {
    const spy = vi.spyOn(console, name).mockImplementation((...parts: unknown[]) => {
      lines.push(parts.map(String).join(" "));
    });
    onTestFinished(() => {
      spy.mockRestore();
    });
  }
  return {
    expectQuiet(): void {
      expect(lines.filter((line) => isMarked(line))).toEqual([]);
      expect(lines.filter((line) => !line.includes(" deliver"))).toEqual([]);
    },
  };
}
