/** What the rest of the edge asks of profiles, whichever shard they lie in. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import type { GoldenVersion } from "@regulars/shared/protocol/intake";
import type { QuarantineCode } from "@regulars/shared/protocol/push";
import type { Override } from "@regulars/shared/survivorship/override";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { Arrival, Move, Scope } from "./markers.ts";
import type { Arriving, Leaving } from "./move.ts";

export interface MergeUpdate extends FragmentUpdate {
  readonly customer: CustomerId;
  readonly source: string;
  readonly epoch: number;
  /** Where it was captured: this store is interested in the customer from now on. Null: nobody there listens. */
  readonly store: string | null;
  /** Said long ago: stores hear of it when there is time (SYN7). */
  readonly backlog?: boolean;
}

export type MergeOutcome =
  | { readonly outcome: "merged" }
  /** The key, or this fragment of it alone, lives with another customer now; ask there. */
  | { readonly outcome: "moved"; readonly to: CustomerId; readonly alone: boolean }
  /** The customer is being moved; ask again. */
  | { readonly outcome: "busy" }
  | { readonly outcome: "refused"; readonly code: QuarantineCode | "gap" };

export interface ProfilesPort {
  /** Outcomes in the order of the updates. */
  merge(updates: readonly MergeUpdate[]): Promise<MergeOutcome[]>;
}

/** What has to be known of a customer before anything of it is moved. */
export interface Standing {
  /** Moves that were begun and not ended. */
  readonly unfinished: readonly Move[];
  /** What has arrived by a move that may not have ended. */
  readonly arrivals: readonly Arrival[];
  /** Keys that have gone elsewhere. */
  readonly keys: readonly { readonly key: IdentityKey; readonly to: CustomerId }[];
  /** Keys that were given to it. */
  readonly homeKeys: readonly IdentityKey[];
  /** Where the id redirects, if it does for good. */
  readonly redirect: CustomerId | null;
}

/** What the centre's decisions do to profiles. */
export interface MovesPort {
  /** Where to ask next about a fragment, or about what is new of a key; null where it lives here or is leaving. */
  whereIs(customer: CustomerId, about: Scope): Promise<CustomerId | null>;
  /** Fragments of the key that live there, or will. */
  held(customer: CustomerId, key: IdentityKey): Promise<string[]>;
  standing(customer: CustomerId): Promise<Standing>;
  leave(from: CustomerId, scope: Scope, to: CustomerId): Promise<Leaving>;
  cede(from: CustomerId, key: IdentityKey, to: CustomerId): Promise<Leaving>;
  arrive(arriving: Arriving, leaving: Leaving): Promise<void>;
  settle(arriving: Arriving): Promise<void>;
  left(
    from: CustomerId,
    scope: Scope,
    to: CustomerId,
    keys?: readonly IdentityKey[],
  ): Promise<void>;
  /** The fragment is to be looked for there, whoever asks here. */
  point(customer: CustomerId, fragment: string, to: CustomerId): Promise<void>;
  setOverrides(customer: CustomerId, overrides: readonly Override[]): Promise<void>;
  setPolicy(policy: Policy): Promise<void>;
  /** Of these customers alone: whoever they redirect to has versions of their own. */
  setGolden(goldens: readonly GoldenVersion[]): Promise<void>;
}
