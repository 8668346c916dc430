/**
 * Looking up a customer from one search field, from local data alone: the working set, and what this till captured
 * and the edge has not merged yet. The network is asked only when the caller says so and nothing is found here.
 */
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { type CustomerId, customerIdSchema, type IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import {
  buildProfile,
  overlayProfile,
  type Profile,
  type ProfileContent,
  profileContentSchema,
  profileSchema,
} from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { contributionOf, STATE_COLUMNS } from "../fragments/stored-fragment.ts";
import type { JournalDeps } from "../journal/find.ts";
import { findHits, type Hit, matchedBySchema } from "./find-hits.ts";
import { type Query, readQuery } from "./read-query.ts";

export const lookupResultSchema = z.object({
  customer: customerIdSchema,
  matchedBy: matchedBySchema,
  profile: profileContentSchema,
  /** Own events about this customer that are not merged at the edge yet. */
  pending: z.int(),
});
export type LookupResult = z.infer<typeof lookupResultSchema>;

export interface LookupDeps extends JournalDeps {
  readonly identity: IdentityOptions;
  /** Asks the edge and keeps what it answers; null when it knows nobody or cannot be reached. */
  readonly askEdge: (identifiers: Query["identifiers"]) => Promise<Profile | null>;
}

export type Lookup = (
  query: string,
  options?: { readonly remote?: boolean | undefined },
) => Promise<LookupResult[]>;

export function createLookup({ storage, archive, identity, askEdge }: LookupDeps): Lookup {
  const journal = { storage, archive };
  return async (text, { remote = false } = {}) => {
    const query = readQuery(text.slice(0, LIMITS.searchChars), identity);
    const found = await findCustomers(journal, query);
    if (found.length > 0 || !remote || query.identifiers.length === 0) return found;
    return (await askEdge(query.identifiers)) ? findCustomers(journal, query) : [];
  };
}

async function findCustomers(journal: JournalDeps, query: Query): Promise<LookupResult[]> {
  const { storage } = journal;
  const hits = await findHits(journal, query);
  if (hits.length === 0) return [];
  const profiles = await profilesOf(storage, hits);
  const keysByHit = new Map(
    hits.map((hit) => [
      hit,
      [...new Set([...(profiles.get(hit.customer)?.keys ?? []), ...hit.own])],
    ]),
  );
  const own = await ownOf(storage, [...keysByHit.values()].flat());
  return hits.flatMap((hit): LookupResult[] => {
    const keys = keysByHit.get(hit) ?? [];
    const contributions = keys.flatMap((key) => own.contributions.get(key) ?? []);
    const profile = profiles.get(hit.customer);
    if (!profile && contributions.length === 0) return [];
    return [
      {
        customer: hit.customer,
        matchedBy: hit.matchedBy,
        profile: profile
          ? overlayProfile(contentOf(profile), contributions, DEFAULT_POLICY)
          : buildProfile(contributions, DEFAULT_POLICY),
        pending: keys.reduce((sum, key) => sum + (own.pending.get(key) ?? 0), 0),
      },
    ];
  });
}

async function profilesOf(
  storage: Storage,
  hits: readonly Hit[],
): Promise<Map<CustomerId, Profile>> {
  const [rows = []] = await storage.read([
    {
      sql: "select json from profile where customer in (select value from json_each(?))",
      args: [JSON.stringify(hits.map((hit) => hit.customer))],
    },
  ]);
  const profiles = rows.map((row) => profileSchema.parse(JSON.parse(textOf(row, "json"))));
  return new Map(profiles.map((profile) => [profile.customer, profile]));
}

/** What this till's fragments of these keys say, and how many of their events are not merged. */
async function ownOf(storage: Storage, keys: readonly IdentityKey[]) {
  const list = JSON.stringify([...new Set(keys)]);
  const queries: Statement[] = [
    {
      sql: `select ${STATE_COLUMNS} from fragment where key in (select value from json_each(?))`,
      args: [list],
    },
    {
      sql: `select j.subject as key, count(*) as pending from writer w
            join journal j on j.epoch = w.epoch and j.seq > w.merged
            where j.subject in (select value from json_each(?)) group by j.subject`,
      args: [list],
    },
  ];
  const [fragmentRows = [], pendingRows = []] = await storage.read(queries);
  const contributions = Map.groupBy(
    fragmentRows.flatMap((row) => contributionOf(row) ?? []),
    (contribution) => contribution.key,
  );
  const pending = new Map(pendingRows.map((row) => [textOf(row, "key"), numberOf(row, "pending")]));
  return { contributions, pending };
}

function contentOf({ customer: _c, version: _v, golden: _g, ...content }: Profile): ProfileContent {
  return content;
}
