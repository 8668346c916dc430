/** All shards of the profiles as one. */
import type { Env } from "../environment.ts";
import { profileShardOf, profileStub, profileStubOf } from "../stubs.ts";
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
    leave: (from, key, to) => profileStubOf(env, from).leave(from, key, to),
    arrive: (to, leaving) => profileStubOf(env, to).arrive(to, leaving),
    left: (from, key, to) => profileStubOf(env, from).left(from, key, to),
    setGolden: (customer, version) => profileStubOf(env, customer).setGolden(customer, version),
  };
}
