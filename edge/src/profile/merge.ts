/** Merging updates into loaded customers: each update checked at the border, then the profile rebuilt. */
import { base64ToBytes, sha256Hex } from "@regulars/shared/digest";
import {
  clampContribution,
  type Clamps,
  extendClamps,
  keptClamps,
  NO_CLAMPS,
} from "@regulars/shared/fragment/clamp";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import {
  addTo,
  contributionAfter,
  type CopyChange,
  copyState,
  type FragmentCopy,
  openCopy,
  readCopy,
} from "@regulars/shared/fragment/copy";
import type { Linear } from "@regulars/shared/fragment/linear";
import { decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf, fragmentIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Policy } from "@regulars/shared/survivorship/policy";
import {
  buildProfile,
  type ProfileContent,
  profileDigest,
} from "@regulars/shared/survivorship/profile";
import type { Statement } from "@regulars/shared/storage/port";
import type { LoadedCustomer, LoadedFragment } from "./loaded.ts";
import { dropMarker, EVERYTHING, isFragment, keyMarkers, placeOf } from "./markers.ts";
import type { MergeOutcome, MergeUpdate } from "./port.ts";
import { READ_BY } from "./stored-contribution.ts";

export interface Merged {
  readonly outcome: MergeOutcome;
  /** The fragment that the update changed, if it changed one. */
  readonly changed?: LoadedFragment;
  /** The fragment that had the update already: whoever sends it again may lack what follows from it, too. */
  readonly again?: LoadedFragment;
  /** Markers that follow from it. */
  readonly markers?: readonly Statement[];
}

/**
 * Updates of one fragment that follow each other, as the claim and the sale of one receipt do: the fragment is read and written once
 * for all of them. Where anything is wrong with one, each is judged by itself.
 */
export function mergeRun(
  customer: LoadedCustomer,
  updates: readonly MergeUpdate[],
  nowMs: number,
): Merged[] {
  const [last] = updates.slice(-1);
  const whole = last && updates.length > 1 ? mergeTogether(customer, updates, last, nowMs) : null;
  if (!whole) return updates.map((update) => mergeUpdate(customer, update, nowMs));
  return updates.map((update) => (update === last ? whole : { outcome: whole.outcome }));
}

/** Null, and nothing changed, unless all of them can be taken. */
function mergeTogether(
  customer: LoadedCustomer,
  updates: readonly MergeUpdate[],
  last: MergeUpdate,
  nowMs: number,
): Merged | null {
  const { source, epoch, key } = last;
  const id = fragmentIdOf(source, epoch, key);
  if (placeOf(customer, id).lives !== "here") return null;
  const clientId = clientIdOf(source, epoch);
  const copy = copyOf(customer.fragments.get(id), clientId);
  let { clock } = copy;
  const next: Linear[] = [];
  for (const { update, sha256 } of updates) {
    const bytes = bytesOf(update);
    const verdict = bytes && decideUpdate({ update: bytes, sha256, clientId, clock });
    if (!verdict || verdict.verdict !== "next") return null;
    next.push(verdict.linear);
    clock = verdict.toClock;
  }
  const merged = applyNext(customer, last, { copy, next, nowMs });
  return merged.changed ? merged : null;
}

export function mergeUpdate(customer: LoadedCustomer, update: MergeUpdate, nowMs: number): Merged {
  const id = fragmentIdOf(update.source, update.epoch, update.key);
  const place = placeOf(customer, id);
  if (place.lives === "moving") return { outcome: { outcome: "busy" } };
  if (place.lives === "away") {
    const outcome = { outcome: "moved" as const, to: place.to, alone: isFragment(place.scope) };
    return { outcome, markers: keyMarkers(customer, id, place) };
  }
  const fragment = customer.fragments.get(id);
  const bytes = bytesOf(update.update);
  if (!bytes) return { outcome: { outcome: "refused", code: "not_an_update" } };
  const { source, epoch, sha256 } = update;
  const clientId = clientIdOf(source, epoch);
  const copy = copyOf(fragment, clientId);
  const verdict = decideUpdate({ update: bytes, sha256, clientId, clock: copy.clock });
  switch (verdict.verdict) {
    case "duplicate":
      return { outcome: { outcome: "merged" }, ...(fragment ? { again: fragment } : {}) };
    case "gap":
      return { outcome: { outcome: "refused", code: "gap" } };
    case "refused":
      return { outcome: { outcome: "refused", code: verdict.code } };
    case "next":
      return applyNext(customer, update, { copy, next: [verdict.linear], nowMs });
  }
}

interface Following {
  readonly copy: FragmentCopy;
  readonly next: readonly Linear[];
  readonly nowMs: number;
}

function applyNext(
  customer: LoadedCustomer,
  update: MergeUpdate,
  { copy: from, next, nowMs }: Following,
): Merged {
  const id = fragmentIdOf(update.source, update.epoch, update.key);
  const before = customer.fragments.get(id);
  const change = addTo(from, next);
  const said = saidAfter(before, update, change);
  if (!said) return { outcome: { outcome: "refused", code: "not_an_update" } };
  const { copy } = change;
  const state = copyState(copy);
  if (state.length > LIMITS.fragmentBytes) {
    return { outcome: { outcome: "refused", code: "fragment_too_large" } };
  }
  const sha256 = sha256Hex(state);
  const clamps = keptClamps(said, extendClamps(said, before?.clamps ?? NO_CLAMPS, nowMs));
  const contribution = clampContribution(said, clamps);
  const { clock } = copy;
  const changed = { id, clock, sha256, state, contribution, readBy: READ_BY, clamps, copy };
  customer.fragments.set(id, changed);
  // An id that was empty is somebody's again.
  return { outcome: { outcome: "merged" }, changed, markers: dropMarker(customer, EVERYTHING) };
}

/**
 * Whose stored bytes are damaged, or nothing that this build can open, goes on with nothing less than a whole document; until then it
 * says what it said.
 */
function copyOf(fragment: LoadedFragment | undefined, clientId: number): FragmentCopy {
  if (fragment?.copy) return fragment.copy;
  const isWhole = fragment !== undefined && sha256Hex(fragment.state) === fragment.sha256;
  const copy = isWhole ? orNull(() => openCopy(fragment.state, clientId)) : null;
  return copy ?? openCopy(null, clientId);
}

/** The contribution, if it has the form of one and speaks for the writer and key that it came under. */
function saidAfter(
  before: LoadedFragment | undefined,
  update: MergeUpdate,
  change: CopyChange,
): Contribution | null {
  const isOwn = ({ source, epoch, key }: Contribution): boolean =>
    source === update.source && epoch === update.epoch && key === update.key;
  // What was said before is known, unless stamps of it were replaced, another build has read it, or it is of something else.
  const isKnown =
    before?.readBy === READ_BY && before.clock === change.from && isEmpty(before.clamps);
  const carried = isKnown ? orNull(() => contributionAfter(before.contribution, change)) : null;
  // Or it was damaged: then the whole says it better.
  const said = carried && isOwn(carried) ? carried : orNull(() => readCopy(change.copy));
  return said && isOwn(said) ? said : null;
}

/** Null for what throws: told to the sender as `not_an_update`. */
function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const isEmpty = (clamps: Clamps): boolean => Object.keys(clamps).length === 0;

/** The same, where it says anything else: true then. */
export function rebuildChanged(customer: LoadedCustomer, policy: Policy): boolean {
  const before = customer.profile && profileDigest(customer.profile);
  const after = profileDigest(contentOf(customer, policy));
  if (before === after) return false;
  rebuildProfile(customer, policy);
  return true;
}

function contentOf({ fragments, overrides }: LoadedCustomer, policy: Policy): ProfileContent {
  const contributions = [...fragments.values()].map((each) => each.contribution);
  return buildProfile(contributions, policy, overrides);
}

/** Builds the profile anew from all contributions: the next version. */
export function rebuildProfile(customer: LoadedCustomer, policy: Policy): void {
  customer.profile = {
    ...contentOf(customer, policy),
    customer: customer.customer,
    version: (customer.profile?.version ?? 0) + 1,
    golden: customer.profile?.golden ?? 0,
  };
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return base64ToBytes(text);
  } catch {
    return null; // told to the sender as `not_an_update`
  }
}
