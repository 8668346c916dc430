/** What the rest of the edge asks of profiles, whichever shard they lie in. */
import type { CustomerId } from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import type { QuarantineCode } from "@regulars/shared/protocol/push";
import type { Env } from "../environment.ts";
import { profileShardOf, profileStub } from "../stubs.ts";

export interface MergeUpdate extends FragmentUpdate {
  readonly customer: CustomerId;
  readonly source: string;
  readonly epoch: number;
  /** Where it was captured: this store is interested in the customer from now on. */
  readonly store: string;
}

export type MergeOutcome =
  | { readonly outcome: "merged" }
  /** The key lives with another customer now; ask there. */
  | { readonly outcome: "moved"; readonly to: CustomerId }
  /** The customer is being moved; ask again. */
  | { readonly outcome: "busy" }
  | { readonly outcome: "refused"; readonly code: QuarantineCode | "gap" };

export interface ProfilesPort {
  /** Outcomes in the order of the updates. */
  merge(updates: readonly MergeUpdate[]): Promise<MergeOutcome[]>;
}

export function createShardedProfiles(env: Env): ProfilesPort {
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
  };
}
