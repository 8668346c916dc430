/**
 * Which object holds what. Names are for ever: they decide where data lies, and what an isolate has once worked out of them
 * stays right.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { shardOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Env, settingsOf } from "./environment.ts";

export function inboxOf(env: Env, store: string) {
  return env.INBOX.get(env.INBOX.idFromName(store));
}

/** One for each shop that connectors belong to. */
export function intakeOf(env: Env, shop: string) {
  return env.INTAKE.get(env.INTAKE.idFromName(shop));
}

/** One for the whole edge. */
export function registryStub(env: Env) {
  return env.REGISTRY.get(env.REGISTRY.idFromName("registry"));
}

/** Of an identity key, or of the source whose epochs are asked for. */
export function directoryShardOf(env: Env, key: string): string {
  return `${shardOf(key, settingsOf(env).DIRECTORY_SHARDS)}`;
}

export function directoryStub(env: Env, shard: string) {
  return env.DIRECTORY.get(env.DIRECTORY.idFromName(shard));
}

interface Known {
  /** By customer. */
  readonly shards: Map<CustomerId, string>;
  /** By shard: a name is digested for its id. */
  readonly profiles: Map<string, DurableObjectId>;
}
const known = new WeakMap<Env, Known>();

function knownIn(env: Env): Known {
  const so = known.get(env) ?? { shards: new Map(), profiles: new Map() };
  known.set(env, so);
  return so;
}

/** `region/shard`: the region says where the shard lies, the number is the same in every region (EDG6). */
export function profileShardOf(env: Env, customer: CustomerId): string {
  const { shards } = knownIn(env);
  const shard = shards.get(customer);
  if (shard !== undefined) return shard;
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  const found = `${REGION}/${shardOf(customer, PROFILE_SHARDS)}`;
  for (const oldest of shards.keys()) {
    if (shards.size < LIMITS.knownShardIds) break;
    shards.delete(oldest);
  }
  shards.set(customer, found);
  return found;
}

export function profileShardsOf(env: Env): string[] {
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  return Array.from({ length: PROFILE_SHARDS }, (_, shard) => `${REGION}/${shard}`);
}

export function profileStub(env: Env, shard: string) {
  const { profiles } = knownIn(env);
  const id = profiles.get(shard) ?? env.PROFILE.idFromName(shard);
  profiles.set(shard, id);
  return env.PROFILE.get(id);
}

export function profileStubOf(env: Env, customer: CustomerId) {
  return profileStub(env, profileShardOf(env, customer));
}
