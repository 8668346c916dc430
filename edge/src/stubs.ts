/** Which object holds what. Names are for ever: they decide where data lies. */
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

/** `region/shard`: the region says where the shard lies, the number is the same in every region (EDG6). */
export function profileShardOf(env: Env, customer: CustomerId): string {
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  return `${REGION}/${shardOf(customer, PROFILE_SHARDS)}`;
}

export function profileShardsOf(env: Env): string[] {
  const { REGION, PROFILE_SHARDS } = settingsOf(env);
  return Array.from({ length: PROFILE_SHARDS }, (_, shard) => `${REGION}/${shard}`);
}

export function profileStub(env: Env, shard: string) {
  return env.PROFILE.get(env.PROFILE.idFromName(shard));
}

export function profileStubOf(env: Env, customer: CustomerId) {
  return profileStub(env, profileShardOf(env, customer));
}
