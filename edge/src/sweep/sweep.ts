/**
 * The sweep: every inbox, every profile shard and every intake is asked to look for waiting work (EDG4). An object finds its own by
 * alarm; this is for the alarm that was never set, or was lost with a host.
 */
import type { Env } from "../environment.ts";
import { allShops } from "../ingest/desk/shops.ts";
import { inTurns, storesOf } from "../objects.ts";
import { finishMoves } from "../publish/moves.ts";
import { inboxOf, intakeOf, profileShardsOf, profileStub } from "../stubs.ts";
import { wholeEdge } from "../whole-edge.ts";

export interface Swept {
  readonly stores: number;
  readonly shards: number;
}

/** `isCentreNew`: it has just started, and may have come back from a backup. */
export async function sweep(env: Env, isCentreNew = false): Promise<Swept> {
  const stores = await storesOf(env);
  await inTurns(stores, (store) => inboxOf(env, store).sweep(isCentreNew));
  const shards = profileShardsOf(env);
  if (isCentreNew) await finishAllMoves(env, shards);
  await inTurns(shards, (shard) => profileStub(env, shard).sweep());
  const shops = await allShops(env);
  await inTurns(shops, (shop) => intakeOf(env, shop).sweep());
  return { stores: stores.length, shards: shards.length };
}

/** A move that stopped in the middle is tried again by the centre that decided it, unless that one has come back from before. */
async function finishAllMoves(env: Env, shards: readonly string[]): Promise<void> {
  const unfinished = await inTurns(shards, (shard) => profileStub(env, shard).unfinished());
  const edge = wholeEdge(env);
  for (const customer of new Set(unfinished.flat())) await finishMoves(edge, customer);
}
