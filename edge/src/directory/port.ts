/** What the rest of the edge asks of the directory, whichever shard a key lies in. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { Binding, ClaimAnswer, EpochClaim } from "./directory.ts";

export interface DirectoryPort {
  lookup(keys: readonly IdentityKey[]): Promise<Map<IdentityKey, CustomerId>>;
  bind(wanted: readonly Binding[]): Promise<Map<IdentityKey, CustomerId>>;
  claimEpoch(claim: EpochClaim): Promise<ClaimAnswer>;
  reassign(
    wanted: readonly Binding[],
    from: CustomerId,
  ): Promise<ReadonlyMap<IdentityKey, CustomerId>>;
  policy(): Promise<Policy | null>;
  setPolicy(policy: Policy): Promise<void>;
  assign(decided: readonly Binding[]): Promise<void>;
}
