/** Who calls, once that is proven. */
import type { Account } from "@regulars/shared/connect/account";
import type { IdentityKey } from "@regulars/shared/ids";
import type { Scope } from "@regulars/shared/access/scopes";

export interface TillCaller {
  readonly kind: "till";
  readonly source: string;
  /** Whose working set it reads. */
  readonly store: string;
  /** The newest epoch that it may write. */
  readonly epoch: number;
  /** Where it stood before: what is left of epochs from there may still be pushed. */
  readonly formerStores: readonly string[];
}

export interface CustomerCaller {
  readonly kind: "customer";
  /** Own key of kind `user`: who holds it is the one customer that this caller may see. */
  readonly key: IdentityKey;
}

export interface AssociateCaller {
  readonly kind: "associate";
  /** As the retailer's identity provider names the person; never shown, never logged. */
  readonly id: string;
  readonly store: string | null;
}

export interface DeskCaller {
  readonly kind: "desk";
  readonly id: string;
}

export interface ConnectorCaller {
  readonly kind: "connector";
  readonly account: Account;
  /** Public part of the API key. */
  readonly keyId: string;
  readonly scopes: readonly Scope[];
}

export interface CentreCaller {
  readonly kind: "centre";
}

export type Caller =
  | TillCaller
  | CustomerCaller
  | AssociateCaller
  | DeskCaller
  | ConnectorCaller
  | CentreCaller;
