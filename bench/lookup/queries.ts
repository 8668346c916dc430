/** What a cashier types, each about a customer who is there. */
import { type Person, receiptOf } from "./people.ts";

export interface Known extends Person {
  /** Of a sale at this till. */
  readonly ownReceipt: string;
}

export const KINDS = [
  { kind: "card", query: ({ card }: Known) => card },
  { kind: "phone", query: ({ phone }: Known) => phone.replace("+44", "0") },
  { kind: "e-mail", query: ({ email }: Known) => email },
  { kind: "receipt of another store", query: (person: Known) => receiptOf(person) },
  { kind: "own receipt", query: ({ ownReceipt }: Known) => ownReceipt },
  { kind: "family name", query: ({ familyName }: Known) => familyName },
  {
    kind: "both names",
    query: ({ givenName, familyName }: Known) => `${givenName} ${familyName}`,
  },
  {
    kind: "beginnings of names",
    query: ({ givenName, familyName }: Known) =>
      `${givenName.slice(0, 2)} ${familyName.slice(0, 3)}`,
  },
] as const;
