/**
 * Looking up a customer from one search field, from local data alone: the working set, and what this till captured
 * and the edge has not merged yet. The network is asked only when the caller says so and nothing is found here.
 */
import type { Contribution } from "@regulars/shared/fragment/contribution";
import type { IdentityOptions } from "@regulars/shared/identity/key";
import {
  clientIdOf,
  type CustomerId,
  customerIdSchema,
  type IdentityKey,
} from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import {
  buildProfile,
  overlayProfile,
  type Profile,
  type ProfileContent,
  profileContentSchema,
} from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import { contributionOf, STATE_COLUMNS } from "../fragments/stored-fragment.ts";
import type { JournalDeps } from "../journal/find.ts";
import { findHits, type Hit, matchedBySchema } from "./find-hits.ts";
import { fragmentHomes, type OwnDeps } from "./homes.ts";
import { loadPolicy } from "./policy.ts";
import { type Query, readQuery } from "./read-query.ts";

export const lookupResultSchema = z.object({
  customer: customerIdSchema,
  matchedBy: matchedBySchema,
  profile: profileContentSchema,
  /** Own events about this customer that are not merged at the edge yet. */
  pending: z.int(),
});
export type LookupResult = z.infer<typeof lookupResultSchema>;

export interface LookupDeps extends JournalDeps, OwnDeps {
  readonly identity: IdentityOptions;
  /** Asks the edge and keeps what it answers; null when it knows nobody or cannot be reached. */
  readonly askEdge: (identifiers: Query["identifiers"]) => Promise<Profile | null>;
}

export type Lookup = (
  query: string,
  options?: { readonly remote?: boolean | undefined },
) => Promise<LookupResult[]>;

export function createLookup({ storage, archive, source, identity, askEdge }: LookupDeps): Lookup {
  const journal = { storage, archive, source };
  return async (text, { remote = false } = {}) => {
    const query = readQuery(text.slice(0, LIMITS.searchChars), identity);
    const found = await findCustomers(journal, query);
    if (found.length > 0 || !remote || query.identifiers.length === 0) return found;
    return (await askEdge(query.identifiers)) ? findCustomers(journal, query) : [];
  };
}

async function findCustomers(
  journal: JournalDeps & OwnDeps,
  query: Query,
): Promise<LookupResult[]> {
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
  const policy = await loadPolicy(storage);
  const own = await ownOf(journal, [...keysByHit.values()].flat());
  return hits.flatMap((hit): LookupResult[] => {
    const keys = new Set(keysByHit.get(hit));
    const theirs = own.filter(({ key, home }) => keys.has(key) && home === hit.customer);
    const contributions = theirs.flatMap(({ contribution }) => contribution ?? []);
    const profile = profiles.get(hit.customer);
    if (!profile && contributions.length === 0) return [];
    return [
      {
        customer: hit.customer,
        matchedBy: hit.matchedBy,
        profile: profile
          ? overlayProfile(contentOf(profile), contributions, policy)
          : buildProfile(contributions, policy),
        pending: theirs.reduce((sum, { pending }) => sum + pending, 0),
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
  const profiles = rows.map((row) => storedProfile(textOf(row, "json")));
  return new Map(profiles.map((profile) => [profile.customer, profile]));
}

/** What a row that an older build wrote may lack. */
const ADDED_SINCE = { overrides: [], ...NO_ACTIVITY };

/** As it was written, which is after it was parsed: to parse twenty again takes longer than to find them. */
function storedProfile(json: string): Profile {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing but profiles is written there
  return { ...ADDED_SINCE, ...(JSON.parse(json) as Profile) };
}

interface Own {
  readonly key: IdentityKey;
  /** Whose it is; another customer may have the same key. */
  readonly home: CustomerId;
  /** Null where it is damaged. */
  readonly contribution: Contribution | null;
  readonly pending: number;
}

/** What this till's fragments of these keys say, of whom, and how many of their events are not merged: mostly there are none. */
async function ownOf(deps: JournalDeps & OwnDeps, keys: readonly IdentityKey[]): Promise<Own[]> {
  const homes = await fragmentHomes(deps, [...new Set(keys)]);
  if (homes.length === 0) return [];
  const list = JSON.stringify([...new Set(homes.map(({ fragment }) => fragment.key))]);
  const queries: Statement[] = [
    {
      sql: `select key, epoch, ${STATE_COLUMNS} from fragment
            where key in (select value from json_each(?))`,
      args: [list],
    },
    {
      sql: `select j.subject as key, j.epoch, count(*) as pending from writer w
            join journal j on j.epoch = w.epoch and j.seq > w.merged
            where j.subject in (select value from json_each(?)) group by j.subject, j.epoch`,
      args: [list],
    },
  ];
  const [fragmentRows = [], pendingRows = []] = await deps.storage.read(queries);
  const rows = new Map(fragmentRows.map((row) => [nameOf(row), row]));
  const pending = new Map(pendingRows.map((row) => [nameOf(row), numberOf(row, "pending")]));
  return homes.map(({ fragment: { key, epoch }, home }) => {
    const row = rows.get(`${epoch}/${key}`);
    return {
      key,
      home: home.customer,
      contribution: row ? contributionOf(row, clientIdOf(deps.source, epoch)) : null,
      pending: pending.get(`${epoch}/${key}`) ?? 0,
    };
  });
}

const nameOf = (row: Row): string => `${numberOf(row, "epoch")}/${textOf(row, "key")}`;

function contentOf({ customer: _c, version: _v, golden: _g, ...content }: Profile): ProfileContent {
  return content;
}
