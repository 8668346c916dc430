/**
 * A fragment: the Yjs document in which one writer keeps what it knows about one identity key (FRG1).
 *
 * One root-level list of JSON entries (FRG2): a nested shared type that two replicas create under one name loses a
 * side, and dates or large integers do not survive Yjs's encoding. Only the writer changes the document; everyone
 * else applies its updates in order. Writer and mergers keep its entries alone (written.ts, copy.ts).
 */
import { stampToMs } from "../clock.ts";
import { canonicalJson } from "../digest.ts";
import { CLAIM_FIELDS } from "../events/claim.ts";
import type { RegularsEvent } from "../events/event.ts";
import { isDeviceKey } from "../identity/key.ts";
import { LIMITS } from "../limits.ts";
import type { IdentityKey } from "../ids.ts";
import { type Contribution, contributionSchema, fieldClaimSchema } from "./contribution.ts";
import { type Fragment, readSection, readSections, type Section, SECTIONS } from "./entries.ts";
import { keepNewest } from "./keep-newest.ts";
import { recordBehaviour, recordLoyalty, recordOrder, recordTraits } from "./record-activity.ts";
import { recordCart } from "./record-cart.ts";
import { recordSale, recordVoid } from "./record-sale.ts";
import type { WrittenFragment } from "./written.ts";

export interface Writer {
  readonly source: string;
  readonly epoch: number;
}

/** Writes one event into its writer's fragment; returns the update that takes every other copy there. */
export function recordEvent(
  fragment: WrittenFragment,
  event: RegularsEvent,
  key: IdentityKey,
): Uint8Array {
  recordIdentity(fragment, event, key);
  recordBody(fragment, event);
  return fragment.takeUpdate();
}

/** What the fragment says. Throws when its entries do not have the form of a contribution. */
export function readContribution(fragment: Fragment): Contribution {
  const section = readSections(fragment);
  return contributionSchema.parse({
    ...section("meta"),
    ...Object.fromEntries(SECTIONS.map((name) => [name, section(name)])),
  });
}

/** The part of what a fragment says that a capture has to know, without the rest, which is most of it. */
export interface Saying {
  readonly keys: readonly IdentityKey[];
  readonly claims: Contribution["claims"];
  readonly traits: Contribution["traits"];
}

/** Throws when an entry of these does not have the form of a contribution's. */
export function readSaying(fragment: WrittenFragment): Saying {
  const section = (name: Section) => Object.fromEntries(readSection(fragment, name));
  return {
    keys: [...readSection(fragment, "keys").keys()],
    claims: claimsSchema.parse(section("claims")),
    traits: traitsSchema.parse(section("traits")),
  };
}

const { claims: claimsSchema, traits: traitsSchema } = contributionSchema.shape;

function recordIdentity(fragment: WrittenFragment, event: RegularsEvent, key: IdentityKey): void {
  if (!readSection(fragment, "meta").has("source")) {
    fragment.set("meta", "source", event.source);
    fragment.set("meta", "epoch", event.epoch);
    fragment.set("meta", "key", key);
    fragment.set("meta", "first", event.stamp);
  }
  fragment.set("meta", "seq", event.seq);
  fragment.set("meta", "last", event.stamp);
  const known = new Set(readSection(fragment, "keys").keys());
  for (const seen of new Set([key, ...event.subject])) {
    if (known.has(seen) || !hasRoomFor(seen, known)) continue;
    known.add(seen);
    fragment.set("keys", seen, event.stamp);
  }
}

/** First come, first kept: a tie that was told is never taken back by what comes later. */
function hasRoomFor(key: IdentityKey, known: ReadonlySet<IdentityKey>): boolean {
  if (known.size >= LIMITS.fragmentKeys) return false;
  if (!isDeviceKey(key)) return true;
  return [...known].filter(isDeviceKey).length < LIMITS.fragmentDeviceKeys;
}

function recordBody(fragment: WrittenFragment, event: RegularsEvent): void {
  switch (event.kind) {
    case "sale":
    case "return":
      recordSale(fragment, event);
      return;
    case "void":
      recordVoid(fragment, event);
      return;
    case "claim":
      recordClaims(fragment, event);
      if (event.body.traits) recordTraits(fragment, event.body.traits, event);
      return;
    case "consent":
      fragment.set("consents", `${event.body.purpose}/${event.body.channel}`, {
        state: event.body.state,
        stamp: event.stamp,
        seq: event.seq,
        ...(isOfAnotherMoment(event) ? { at: event.at } : {}),
      });
      return;
    case "note":
      keepNewest(fragment, "notes", {
        seq: event.seq,
        max: LIMITS.recentNotes,
        value: {
          text: event.body.text,
          at: event.at,
          stamp: event.stamp,
          ...(event.body.staff === undefined ? {} : { staff: event.body.staff }),
        },
      });
      return;
    case "behaviour":
      recordBehaviour(fragment, event);
      return;
    case "cart":
      recordCart(fragment, event);
      return;
    case "order":
      recordOrder(fragment, event);
      return;
    case "loyalty":
      recordLoyalty(fragment, event);
      return;
    case "adjustment":
    case "open":
    case "drawer":
    case "count":
    case "close":
    case "seal":
      return; // books, not a person
  }
}

/** A till's stamp is the moment; a connector's is that of the arrival. */
const isOfAnotherMoment = ({ at, stamp }: RegularsEvent): boolean =>
  Math.abs(Date.parse(at) - stampToMs(stamp)) > LIMITS.consentSameMs;

type ClaimEvent = Extract<RegularsEvent, { kind: "claim" }>;

function recordClaims(fragment: WrittenFragment, { body, stamp, seq }: ClaimEvent): void {
  const known = readSection(fragment, "claims");
  for (const field of CLAIM_FIELDS) {
    const value = body.claims[field];
    if (value === undefined) continue;
    const before = fieldClaimSchema.safeParse(known.get(field)).data;
    // What was checked stays checked as long as the same is said.
    const isSame = before !== undefined && canonicalJson(before.value) === canonicalJson(value);
    const verified = body.verified ?? (isSame ? before.verified : undefined);
    // And what was once given as it stands is no repair of a later slip.
    const repaired = body.repaired?.includes(field) === true && (!isSame || before.repaired);
    // Set even when the value is the same: said again is newer, and most recent must know.
    fragment.set("claims", field, {
      value,
      stamp,
      seq,
      ...(verified ? { verified } : {}),
      ...(repaired ? { repaired } : {}),
      // What somebody else had said before is evidence still.
      ...(body.own && (!isSame || before.own) ? { own: body.own } : {}),
    });
  }
}
