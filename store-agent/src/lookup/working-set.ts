/** The working set: profiles of the store's customers as the edge last sent them, with the index to find them. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Change } from "@regulars/shared/protocol/pull";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { Profile } from "@regulars/shared/survivorship/profile";
import {
  NO_TERMS,
  type SearchTerms,
  searchTermsSchema,
  termsOfProfile,
  termStatements,
} from "./search-terms.ts";

/** Forgets all of it; what the till itself captured stays. */
export const FORGET_WORKING_SET: readonly Statement[] = [
  { sql: "delete from profile" },
  { sql: "delete from term where own = 0" },
  { sql: "delete from name where own = 0" },
];

/** What stores the changes. A profile older than the stored one is old news; with `anew` nothing stored counts. */
export async function workingSetStatements(
  storage: Storage,
  changes: readonly Change[],
  anew: boolean,
): Promise<Statement[]> {
  const stored = anew ? new Map<CustomerId, StoredProfile>() : await storedOf(storage, changes);
  const profiles = new Map<CustomerId, Profile>();
  const gone = new Set<CustomerId>();
  for (const change of changes) {
    if ("redirect" in change) {
      gone.add(change.customer);
      profiles.delete(change.customer);
      continue;
    }
    const { customer, version } = change.profile;
    const known = profiles.get(customer)?.version ?? stored.get(customer)?.version ?? 0;
    if (version < known) continue;
    gone.delete(customer);
    profiles.set(customer, change.profile);
  }
  const termsBefore = (customer: CustomerId): SearchTerms =>
    stored.get(customer)?.terms ?? NO_TERMS;
  const kept = [...profiles.values()].map((profile) => ({
    profile,
    terms: termsOfProfile(profile),
  }));
  return [
    ...(gone.size === 0 ? [] : [forgetStatement(gone)]),
    ...kept.map(({ profile, terms }) => keepStatement(profile, terms)),
    ...termStatements("working-set", [
      ...[...gone].map((holder) => ({ holder, before: termsBefore(holder), after: NO_TERMS })),
      ...kept.map(({ profile: { customer: holder }, terms }) => {
        return { holder, before: termsBefore(holder), after: terms };
      }),
    ]),
  ];
}

interface StoredProfile {
  readonly version: number;
  readonly terms: SearchTerms;
}

async function storedOf(
  storage: Storage,
  changes: readonly Change[],
): Promise<Map<CustomerId, StoredProfile>> {
  const customers = changes.map((change) =>
    "redirect" in change ? change.customer : change.profile.customer,
  );
  const rows = await rowsOf(
    storage,
    `select customer, version, terms from profile
     where customer in (select value from json_each(?))`,
    [JSON.stringify(customers)],
  );
  return new Map(
    rows.map((row) => {
      const terms = searchTermsSchema.parse(JSON.parse(textOf(row, "terms")));
      return [textOf(row, "customer"), { version: numberOf(row, "version"), terms }];
    }),
  );
}

const forgetStatement = (customers: ReadonlySet<CustomerId>): Statement => ({
  sql: "delete from profile where customer in (select value from json_each(?))",
  args: [JSON.stringify([...customers])],
});

/** One of their own for each: in a list, a profile would be written into JSON twice, and read from it. */
const keepStatement = (profile: Profile, terms: SearchTerms): Statement => ({
  sql: "insert or replace into profile (customer, version, terms, json) values (?, ?, ?, ?)",
  args: [profile.customer, profile.version, JSON.stringify(terms), JSON.stringify(profile)],
});
