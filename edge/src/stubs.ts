/**
 * Which object holds what. Names are for ever: they decide where data lies, and what an isolate has once worked out of them
 * stays right.
 */
import type { CustomerId } from "@regulars/shared/ids";
import { shardOf } from "@regulars/shared/ids";
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

/** Ids of profile shards by their names, which are digested for them. */
const known = new WeakMap<Env, Map<string, DurableObjectId>>();

function knownIn(env: Env): Map<string, DurableObjectId> {
  const ids = known.get(env) ?? new Map<string, DurableObjectId>();
  known.set(env, ids);
  return ids;
}

/**
 * `region/shard`: the region says where the shard lies, the number is the same in every region (EDG6). Worked out each time: to
 * remember it of the last thousands of customers costs more where there are more of them.
 */
export function profileShardOf(env: Env, customer: CustomerId): string {
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  return `${REGION}/${shardOf(customer, PROFILE_SHARDS)}`;
}

export function profileShardsOf(env: Env): string[] {
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  return Array.from({ length: PROFILE_SHARDS }, (_, shard) => `${REGION}/${shard}`);
}

export function profileStub(env: Env, shard: string) {
  const ids = knownIn(env);
  const id = ids.get(shard) ?? env.PROFILE.idFromName(shard);
  ids.set(shard, id);
  return env.PROFILE.get(id);
}

export function profileStubOf(env: Env, customer: CustomerId) {
  return profileStub(env, profileShardOf(env, customer));
}
