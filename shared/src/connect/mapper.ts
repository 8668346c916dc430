/** What every connector is: a pure function from what was sent to what it says, or why it cannot be used. */
import type { Result } from "../result.ts";
import type { IdentityKey } from "../ids.ts";
import type { Account } from "./account.ts";
import type { ConnectCapture } from "./captures.ts";
import type { Failure } from "./failure.ts";

export interface Sent {
  /** What kind of message of its platform: `orders/create`, `track`, `payment.created`. */
  readonly topic: string;
  /** The body as it came. */
  readonly body: Uint8Array;
  /** Lower-case names; only those that a connector reads are kept. */
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
  /** What had to be fetched for it, once that is there. */
  readonly fetched?: Uint8Array;
}

export type MapAccount = Pick<
  Account,
  "id" | "realm" | "zone" | "country" | "currency" | "locations" | "rules"
>;

/** A resource of the other side without which the message says too little: a path below the account's `apiBase`. */
export interface Needs {
  readonly path: string;
}

/** Who it is about, where that is known beside what was sent: then no value that was sent makes a key. */
export interface Proven {
  readonly subject: readonly IdentityKey[];
  /** The customer says it of themselves, and nobody has checked it. */
  readonly own: boolean;
}

/** No captures: it is understood, and says nothing that is kept. */
export type Mapped = Result<
  | { readonly captures: readonly ConnectCapture[]; readonly proven?: Proven }
  | { readonly needs: Needs },
  Failure
>;

export type Mapper = (sent: Sent, account: MapAccount) => Mapped;
