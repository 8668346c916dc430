/** All shards of the profiles as one. */
import type { Env } from "../environment.ts";
import { inTurns } from "../objects.ts";
import { profileShardOf, profileShardsOf, profileStub, profileStubOf } from "../stubs.ts";
import type { MergeOutcome, MovesPort, ProfilesPort } from "./port.ts";

export function createShardedProfiles(env: Env): ProfilesPort & MovesPort {
  return {
    async merge(updates) {
      const outcomes: MergeOutcome[] = [];
      const indexed = updates.map((update, index) => ({ update, index }));
      const shards = Map.groupBy(indexed, ({ update }) => profileShardOf(env, update.customer));
      await Promise.all(
        [...shards].map(async ([shard, part]) => {
          const answers = await profileStub(env, shard).merge(part.map(({ update }) => update));
          for (const [at, { index }] of part.entries()) {
            outcomes[index] = answers[at] ?? { outcome: "busy" };
          }
        }),
      );
      return outcomes;
    },
    whereIs: (customer, about) => profileStubOf(env, customer).whereIs(customer, about),
    held: (customer, key) => profileStubOf(env, customer).held(customer, key),
    standing: (customer) => profileStubOf(env, customer).standing(customer),
    leave: (from, scope, to) => profileStubOf(env, from).leave(from, scope, to),
    cede: (from, key, to) => profileStubOf(env, from).cede(from, key, to),
    arrive: (arriving, leaving) => profileStubOf(env, arriving.to).arrive(arriving, leaving),
    settle: (arriving) => profileStubOf(env, arriving.to).settle(arriving),
    left: (from, scope, to, keys = []) => profileStubOf(env, from).left(from, scope, to, keys),
    point: (customer, fragment, to) => profileStubOf(env, customer).point(customer, fragment, to),
    setOverrides: (customer, overrides) =>
      profileStubOf(env, customer).setOverrides(customer, overrides),
    async setPolicy(policy) {
      await inTurns(profileShardsOf(env), (shard) => profileStub(env, shard).setPolicy(policy));
    },
    async setGolden(goldens) {
      const shards = Map.groupBy(goldens, ({ customer }) => profileShardOf(env, customer));
      await Promise.all(
        [...shards].map(([shard, part]) => profileStub(env, shard).setGolden(part)),
      );
    },
  };
}

/** Ends what a caller listens to that the registry has shut out, in every shard; what it would be sent is asked about anyway. */
export async function endListeners(env: Env, name: string): Promise<void> {
  await inTurns(profileShardsOf(env), (shard) => profileStub(env, shard).shutOut(name));
}
