/**
 * The sweep: every inbox and every profile shard is asked to look for waiting work (EDG4). An object finds its own by
 * alarm; this is for the alarm that was never set, or was lost with a host.
 */
import type { Env } from "../environment.ts";
import { inTurns, storesOf } from "../objects.ts";
import { inboxOf, profileShardsOf, profileStub } from "../stubs.ts";

export interface Swept {
  readonly stores: number;
  readonly shards: number;
}

export async function sweep(env: Env): Promise<Swept> {
  const stores = await storesOf(env);
  await inTurns(stores, (store) => inboxOf(env, store).sweep());
  const shards = profileShardsOf(env);
  await inTurns(shards, (shard) => profileStub(env, shard).sweep());
  return { stores: stores.length, shards: shards.length };
}
