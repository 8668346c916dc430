/** What routes and tills' inboxes ask of the intake of a shop. */
import type { Account } from "@regulars/shared/connect/account";
import type { Failure } from "@regulars/shared/connect/failure";

export interface ReceivedItem {
  /** How its body is read: the kind of the account, or the form that it has: `cloudevents`, `ndjson`. */
  readonly format: string;
  readonly topic: string;
  /** Names the delivery: the same of the same account has no second effect. */
  readonly key: string;
  /** Lower-case names; only those that its reader needs. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly receivedAtMs: number;
  /** Known to be unusable: kept for the desk. */
  readonly failed?: Failure;
}

/** Begins the keys of what an import could not use: bytes of its file, which nobody can read here. */
export const SET_ASIDE = "aside";

export interface ReceiveAnswer {
  readonly accepted: number;
  readonly duplicates: number;
}

/** A till's sale that pays an order of the shop. */
export interface TakenOrder {
  readonly order: string;
  /** `source/epoch/seq` of the sale. */
  readonly event: string;
  readonly at: string;
}

export interface IntakePort {
  /** Durable when it answers (ING1). Null: too much is waiting, and nothing was taken (EDG5). */
  receive(account: Account, items: readonly ReceivedItem[]): Promise<ReceiveAnswer | null>;
  taken(orders: readonly TakenOrder[]): Promise<void>;
}
