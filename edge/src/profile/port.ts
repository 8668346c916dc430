/** What the rest of the edge asks of profiles, whichever shard they lie in. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import type { QuarantineCode } from "@regulars/shared/protocol/push";
import type { Leaving } from "./move.ts";

export interface MergeUpdate extends FragmentUpdate {
  readonly customer: CustomerId;
  readonly source: string;
  readonly epoch: number;
  /** Where it was captured: this store is interested in the customer from now on. */
  readonly store: string;
  /** Said long ago: stores hear of it when there is time (SYN7). */
  readonly backlog?: boolean;
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

/** What the centre's decisions do to profiles. */
export interface MovesPort {
  leave(from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<Leaving>;
  arrive(to: CustomerId, leaving: Leaving): Promise<void>;
  left(from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<void>;
  /** Where the customer lives on, if not there. */
  setGolden(customer: CustomerId, version: number): Promise<CustomerId | null>;
}
