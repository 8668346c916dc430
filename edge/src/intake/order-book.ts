/**
 * The book of one order (ING2): what each channel says of it, and what of that stands as money. Pure data, kept as JSON.
 */
import type { Line } from "@regulars/shared/events/line";
import type { OrderState } from "@regulars/shared/events/order";
import type { Tender } from "@regulars/shared/events/tender";
import type { IdentityKey } from "@regulars/shared/ids";

/** Lines that add up to money, and where and when that was. */
export interface Money {
  readonly at: string;
  readonly businessDay?: string;
  readonly store?: string;
  readonly staff?: string;
  readonly externalId?: string;
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly tenders: readonly Tender[];
  readonly totalMinor: number;
  readonly flags: readonly string[];
}

/** The newest revision of an order that one account has told. */
export interface Said extends Money {
  readonly account: string;
  /** Its id there. Books of before have none. */
  readonly ownId?: string;
  /** Of the account: 0 to 9. */
  readonly trust: number;
  readonly revision: number;
  readonly state: OrderState;
  /** Whose it is, strongest first. */
  readonly subject: readonly IdentityKey[];
}

/** Money back, as one account has told of it: its amounts are negative. */
export interface Refund extends Money {
  readonly account: string;
  readonly trust: number;
  readonly refund: string;
}

/** A receipt of ours that counts at this moment, in the journal of its account. */
export interface Standing {
  readonly account: string;
  readonly receipt: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly subject: readonly IdentityKey[];
}

export interface StandingSale extends Standing {
  /** What was sold: a change of it is a void and another sale. */
  readonly sold: string;
}

export interface StandingReturn extends Standing {
  /** The account that told of the refund, and its name there. */
  readonly teller: string;
  readonly refund: string;
}

export interface OrderBook {
  /** The first name that the order was met under: its id among ours. */
  readonly id: string;
  /** In the order of their first word. */
  readonly said: readonly Said[];
  readonly refunds: readonly Refund[];
  /** Whose word counted last; of accounts that are trusted the same, it stays with the first. */
  readonly owner: string | null;
  readonly sale: StandingSale | null;
  readonly returns: readonly StandingReturn[];
  /** Sales and returns made so far, standing or not: each has a receipt number of its own. */
  readonly sales: number;
  readonly returned: number;
  /** A till's sale that paid the order: from then on only tills speak of its money. */
  readonly till: string | null;
  /** The book that this one went into, when somebody told that both are of one order. Then nothing else is in it. */
  readonly joined?: string;
}

export const newBook = (id: string): OrderBook => ({
  id,
  said: [],
  refunds: [],
  owner: null,
  sale: null,
  returns: [],
  sales: 0,
  returned: 0,
  till: null,
});

/** What follows for the journals, in this order. */
export type OrderEffect =
  | { readonly kind: "void"; readonly of: Standing }
  | { readonly kind: "sale"; readonly sale: StandingSale; readonly said: Said }
  | {
      readonly kind: "return";
      readonly standing: StandingReturn;
      readonly refund: Refund;
      /** The sale's receipt. */
      readonly original: string;
    }
  /** How far the order has come; moves no money. */
  | { readonly kind: "order"; readonly said: Said };

/** Names of one order are written `#1001` here and `1001` there; upper and lower case differ in tokens. */
export function orderNameOf(raw: string): string {
  const name = raw.trim().replace(/^#+/, "").trim();
  return name === "" ? raw : name;
}
