/** The whole edge, asked on demand: every store's inbox and every shard says how it stands. */
import { type Env, settingsOf } from "../environment.ts";
import type { InboxReport, QuarantinedItem } from "../inbox/report.ts";
import { inTurns, storesOf } from "../objects.ts";
import type { ShardReport } from "../profile/report.ts";
import { inboxOf, profileStub } from "../stubs.ts";

export interface EdgeStatus {
  readonly stores: readonly (StoreReport & InboxReport)[];
  readonly shards: readonly (ShardReport & {
    readonly shard: string;
    readonly storageBytes: number;
  })[];
}

interface StoreReport {
  readonly store: string;
  readonly storageBytes: number;
}

export async function readEdgeStatus(env: Env): Promise<EdgeStatus> {
  const { PROFILE_SHARDS, REGION } = settingsOf(env);
  const names = Array.from({ length: PROFILE_SHARDS }, (_, shard) => `${REGION}/${shard}`);
  return {
    stores: await inTurns(await storesOf(env), async (store) => ({
      store,
      ...(await inboxOf(env, store).report()),
    })),
    shards: await inTurns(names, async (shard) => ({
      shard,
      ...(await profileStub(env, shard).report()),
    })),
  };
}

export type ListedItem = QuarantinedItem & { readonly store: string };

const LISTED_MAX = 1_000;

/** Oldest first within a store. */
export async function readQuarantine(env: Env): Promise<ListedItem[]> {
  const lists = await inTurns(await storesOf(env), async (store) => {
    const items = await inboxOf(env, store).quarantine(LISTED_MAX);
    return items.map((item) => ({ store, ...item }));
  });
  return lists.flat().slice(0, LISTED_MAX);
}
