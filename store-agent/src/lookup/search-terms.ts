/** Under which terms a customer is found. Contact data stands in the index as identity keys only (SEC2). */
import type { Saying } from "@regulars/shared/fragment/fragment";
import { nameTerms } from "@regulars/shared/identity/name";
import type { Statement } from "@regulars/shared/storage/port";
import type { ProfileContent } from "@regulars/shared/survivorship/profile";
import { z } from "zod";

export const searchTermsSchema = z.object({
  keys: z.array(z.string()),
  receipts: z.array(z.string()),
  names: z.array(z.string()),
});
export type SearchTerms = z.infer<typeof searchTermsSchema>;

export const NO_TERMS: SearchTerms = { keys: [], receipts: [], names: [] };

/** What a holder was found under, and what it shall be found under. */
export interface TermChange {
  readonly holder: string;
  readonly before: SearchTerms;
  readonly after: SearchTerms;
}

export function termsOfProfile(profile: ProfileContent): SearchTerms {
  const { givenName, familyName } = profile.fields;
  return {
    keys: profile.keys,
    receipts: profile.recent.map((sale) => foldReceipt(sale.receipt)),
    names: nameTermsOf([givenName?.value, familyName?.value]),
  };
}

/** Receipts of own captures are found in the journal. */
export function termsOfSaying({ keys, claims }: Saying): SearchTerms {
  const names = nameTermsOf([claims.givenName?.value, claims.familyName?.value]);
  return { keys: [...keys], receipts: [], names };
}

export const foldReceipt = (receipt: string): string => receipt.toLowerCase();

/** At most four statements, however many holders: lists travel as JSON. Nothing for what stays the same. */
export function termStatements(whose: "own" | "working-set", changes: readonly TermChange[]) {
  const own = whose === "own" ? 1 : 0;
  const lists: {
    termsOut: string[][];
    termsIn: string[][];
    namesOut: string[][];
    namesIn: string[][];
  } = { termsOut: [], termsIn: [], namesOut: [], namesIn: [] };
  for (const { holder, before, after } of changes) {
    for (const kind of ["keys", "receipts"] as const) {
      lists.termsOut.push(
        ...without(before[kind], after[kind]).map((term) => [kind, term, holder]),
      );
      lists.termsIn.push(...without(after[kind], before[kind]).map((term) => [kind, term, holder]));
    }
    const folded = foldNames(after.names);
    if (folded === foldNames(before.names)) continue;
    lists.namesOut.push(...before.names.map((term) => [term, holder]));
    lists.namesIn.push(...after.names.map((term) => [term, holder, folded]));
  }
  const statement = (sql: string, rows: string[][]): Statement[] =>
    rows.length === 0 ? [] : [{ sql, args: [own, JSON.stringify(rows)] }];
  return [
    ...statement(
      // Cast, because SQLite takes the index only for values of the columns' own type.
      `delete from term where own = ? and (kind, term, holder) in
       (select cast(value->>0 as text), cast(value->>1 as text), cast(value->>2 as text)
        from json_each(?))`,
      lists.termsOut,
    ),
    ...statement(
      `insert or ignore into term (own, kind, term, holder)
       select ?, value->>0, value->>1, value->>2 from json_each(?)`,
      lists.termsIn,
    ),
    ...statement(
      `delete from name where own = ? and (term, holder) in
       (select cast(value->>0 as text), cast(value->>1 as text) from json_each(?))`,
      lists.namesOut,
    ),
    ...statement(
      `insert or ignore into name (own, term, holder, folded)
       select ?, value->>0, value->>1, value->>2 from json_each(?)`,
      lists.namesIn,
    ),
  ];
}

/** Each term after a space, so that ` jo` is found in ` anna jones` and not in ` anna banjo`. */
export const foldNames = (names: readonly string[]): string =>
  names.map((term) => ` ${term}`).join("");

const nameTermsOf = (names: readonly unknown[]): string[] => [
  ...new Set(names.filter((name) => typeof name === "string").flatMap(nameTerms)),
];

const without = (terms: readonly string[], others: readonly string[]): string[] =>
  terms.filter((term) => !others.includes(term));
