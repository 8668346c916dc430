/**
 * The profile: the merged view of one customer that edge and store serve.
 *
 * A pure function of a set of contributions and a policy. Edge and centre run this same function, a till runs it over
 * a profile and its own newer fragments (`overlayProfile`).
 */
import { z } from "zod";
import { stampSchema } from "../clock.ts";
import { canonicalJson, sha256Hex } from "../digest.ts";
import { CLAIM_FIELDS, claimFieldSchema, claimValueSchema } from "../events/claim.ts";
import {
  consentClaimSchema,
  consentNameSchema,
  type Contribution,
  fragmentNoteSchema,
  recentSaleSchema,
  type Totals,
  totalsSchema,
} from "../fragment/contribution.ts";
import { compareKeys } from "../identity/key.ts";
import { customerIdSchema, eventKeyOf, fragmentIdOf, identityKeySchema } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { currencySchema } from "../money.ts";
import { activityIn, activityOf, activityShape, overlayActivity } from "./activity.ts";
import { mergeConsents } from "./consents.ts";
import { newestFirst } from "./newest-first.ts";
import { type Override, overrideSchema, overridesOn } from "./override.ts";
import type { Policy } from "./policy.ts";
import { type Candidate, candidatesIn, qualityOf, survive } from "./survive.ts";

const originShape = {
  stamp: stampSchema,
  event: z.string(),
  fragment: z.string(),
  verified: z.literal(true).optional(),
  repaired: z.literal(true).optional(),
};
const saidSchema = z.object({
  value: claimValueSchema,
  ...originShape,
  same: z.array(z.object(originShape)).optional(),
});
const survivorSchema = saidSchema.extend({
  /** Text, not the closed list: a newer build may know a rule that this reader does not. */
  rule: z.string().max(40),
  losers: z.array(saidSchema),
  group: z.string().optional(),
  values: z.array(claimValueSchema).optional(),
  pinned: z.object({ by: z.string() }).optional(),
  ignored: z
    .array(
      z.object({ value: claimValueSchema, ...originShape, override: z.string(), by: z.string() }),
    )
    .optional(),
});

export const profileContentSchema = z.object({
  /** Newest stamp that the profile knows of. */
  asOf: stampSchema.nullable(),
  fields: z.partialRecord(claimFieldSchema, survivorSchema),
  keys: z.array(identityKeySchema),
  /** By `purpose/channel`. */
  consents: z.record(consentNameSchema, consentClaimSchema.extend({ fragment: z.string() })),
  totals: z.record(currencySchema, totalsSchema),
  /** Newest first. */
  recent: z.array(recentSaleSchema.extend({ event: z.string() })),
  notes: z.array(fragmentNoteSchema.extend({ event: z.string() })),
  /** What each fragment added, so that a till can put its own newer one in its place. */
  fragments: z.record(
    z.string(),
    z.object({ seq: z.int(), totals: z.record(currencySchema, totalsSchema) }),
  ),
  /** What stewards have decided about this customer's records. Profiles of older builds have none. */
  overrides: z.array(overrideSchema).default([]),
  ...activityShape,
});
export type ProfileContent = z.infer<typeof profileContentSchema>;

export const profileSchema = profileContentSchema.extend({
  customer: customerIdSchema,
  /** Counts changes of this profile at the edge. */
  version: z.int().min(0),
  /** Version of the golden record that the centre last published for this customer; 0 before the first. */
  golden: z.int().min(0),
});
export type Profile = z.infer<typeof profileSchema>;

/** `overrides` on records that are not among the contributions have no effect. */
export function buildProfile(
  contributions: readonly Contribution[],
  policy: Policy,
  overrides: readonly Override[] = [],
): ProfileContent {
  const sorted = newestOfEach(contributions);
  const fragments: ProfileContent["fragments"] = {};
  for (const each of sorted) fragments[idOf(each)] = { seq: each.seq, totals: each.totals };
  const rulings = overridesOn(overrides, (id) => id in fragments);
  return {
    asOf: newest(sorted.map((each) => each.last)),
    fields: survive(sorted.flatMap(candidatesOf), policy, rulings),
    keys: distinctKeys(sorted.flatMap((each) => Object.keys(each.keys))),
    consents: mergeConsents(sorted.flatMap(consentsOf)),
    totals: sumTotals(Object.values(fragments)),
    recent: newestFirst(sorted.flatMap(recentOf), LIMITS.recentSales),
    notes: newestFirst(sorted.flatMap(notesOf), LIMITS.recentNotes),
    fragments,
    overrides: rulings,
    ...activityOf(sorted),
  };
}

/**
 * `profile ⊕ own`: the profile as a till may show it while its own captures are not merged yet. Equal to building
 * the profile from all contributions with `own` in place of the older copies, as far as the profile remembers
 * them (ten sales, twenty notes, five other values per field, of a group what its winner says, the newest of the rest).
 */
export function overlayProfile(
  profile: ProfileContent,
  own: readonly Contribution[],
  policy: Policy,
): ProfileContent {
  const newer = own.filter((each) => each.seq > (profile.fragments[idOf(each)]?.seq ?? 0));
  if (newer.length === 0) return profile;
  const replaced = new Set(newer.map(idOf));
  const ours = buildProfile(newer, policy);
  const fragments: ProfileContent["fragments"] = { ...profile.fragments, ...ours.fragments };
  const newerEvents = new Set(ours.recent.map((sale) => sale.event));
  const newerNotes = new Set(ours.notes.map((note) => note.event));
  return {
    asOf: newest([profile.asOf ?? "", ours.asOf ?? ""]),
    fields: overlayFields(profile, newer, policy),
    keys: distinctKeys([...profile.keys, ...ours.keys]),
    consents: mergeConsents([
      ...Object.entries(profile.consents)
        // A fragment's word on a purpose replaces its older one, even when that one was stricter.
        .filter(([, consent]) => !replaced.has(consent.fragment))
        .map(([name, consent]) => ({ name, ...consent })),
      ...newer.flatMap(consentsOf),
    ]),
    totals: sumTotals(Object.values(fragments)),
    recent: newestFirst(
      [...profile.recent.filter((sale) => !newerEvents.has(sale.event)), ...ours.recent],
      LIMITS.recentSales,
    ),
    notes: newestFirst(
      [...profile.notes.filter((note) => !newerNotes.has(note.event)), ...ours.notes],
      LIMITS.recentNotes,
    ),
    fragments,
    overrides: profile.overrides,
    ...overlayActivity(profile, newer),
  };
}

function overlayFields(
  profile: ProfileContent,
  newer: readonly Contribution[],
  policy: Policy,
): ProfileContent["fields"] {
  const said = newer.flatMap(candidatesOf);
  // A sale says nothing of a person, and a fragment says all that it has ever said: then what survived has survived.
  if (said.length === 0) return profile.fields;
  const replaced = new Set(newer.map(idOf));
  const kept = keptCandidates(profile).filter((claim) => !replaced.has(claim.fragment));
  return survive([...kept, ...said], policy, profile.overrides);
}

/** Digest of what a profile says; versions are left out, so that edge and centre can compare (GLD2). */
export function profileDigest(content: ProfileContent): string {
  const { asOf, fields, keys, consents, totals, recent, notes, fragments, overrides } = content;
  const said = { asOf, fields, keys, consents, totals, recent, notes, fragments, overrides };
  return sha256Hex(canonicalJson({ ...said, ...activityIn(content) }));
}

/** One contribution per fragment, the one that includes most, in the order of fragment ids (IDN2). */
function newestOfEach(contributions: readonly Contribution[]): Contribution[] {
  const byFragment = new Map<string, Contribution>();
  for (const each of contributions) {
    const known = byFragment.get(idOf(each));
    if (!known || each.seq > known.seq) byFragment.set(idOf(each), each);
  }
  return [...byFragment.values()].toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

const idOf = (each: Contribution): string => fragmentIdOf(each.source, each.epoch, each.key);

function candidatesOf(each: Contribution): Candidate[] {
  return CLAIM_FIELDS.flatMap((field) => {
    const claim = each.claims[field];
    if (!claim) return [];
    const event = eventKeyOf(each.source, each.epoch, claim.seq);
    const { value, stamp, ...quality } = claim;
    const fragment = idOf(each);
    return [{ field, value, stamp, event, fragment, ...qualityOf(quality) }];
  });
}

function keptCandidates(profile: ProfileContent): Candidate[] {
  return CLAIM_FIELDS.flatMap((field) => {
    const survivor = profile.fields[field];
    return survivor ? candidatesIn(field, survivor) : [];
  });
}

function consentsOf(each: Contribution) {
  const fragment = idOf(each);
  return Object.entries(each.consents).map(([name, consent]) => ({ name, ...consent, fragment }));
}

function recentOf(each: Contribution): ProfileContent["recent"] {
  return Object.entries(each.recent).map(([seq, sale]) => ({
    ...sale,
    event: eventKeyOf(each.source, each.epoch, Number(seq)),
  }));
}

function notesOf(each: Contribution): ProfileContent["notes"] {
  return Object.entries(each.notes).map(([seq, note]) => ({
    ...note,
    event: eventKeyOf(each.source, each.epoch, Number(seq)),
  }));
}

function sumTotals(fragments: readonly { totals: Record<string, Totals> }[]) {
  const sum: Record<string, Totals> = {};
  for (const { totals } of fragments) {
    for (const [currency, more] of Object.entries(totals)) {
      const base = sum[currency] ?? { sales: 0, returns: 0, minor: 0 };
      sum[currency] = {
        sales: base.sales + more.sales,
        returns: base.returns + more.returns,
        minor: base.minor + more.minor,
      };
    }
  }
  return sum;
}

const distinctKeys = (keys: readonly string[]): string[] =>
  [...new Set(keys)].toSorted(compareKeys);

const newest = (stamps: readonly string[]): string | null =>
  stamps.reduce<string>((best, stamp) => (stamp > best ? stamp : best), "") || null;
