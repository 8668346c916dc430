/** Merging updates into loaded customers: each update checked at the border, then the profile rebuilt. */
import { base64ToBytes, sha256Hex } from "@regulars/shared/digest";
import {
  clampContribution,
  extendClamps,
  keptClamps,
  NO_CLAMPS,
} from "@regulars/shared/fragment/clamp";
import { fragmentState, openFragment, readContribution } from "@regulars/shared/fragment/fragment";
import { applyUpdate, decideUpdate } from "@regulars/shared/fragment/update";
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
 * Updates of one fragment that follow each other, as the claim and the sale of one receipt do: the document is read and encoded once
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
  const fragment = customer.fragments.get(id);
  const clientId = clientIdOf(source, epoch);
  let clock = fragment && isWhole(fragment) ? fragment.clock : 0;
  const next: Uint8Array[] = [];
  for (const { update, sha256 } of updates) {
    const bytes = bytesOf(update);
    const verdict = bytes && decideUpdate({ update: bytes, sha256, clientId, clock });
    if (!verdict || verdict.verdict !== "next") return null;
    next.push(bytes);
    clock = verdict.toClock;
  }
  const merged = applyNext(customer, last, next, { toClock: clock, nowMs });
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
  // Whose stored bytes are damaged goes on with nothing less than a whole document; until then it says what it said.
  const clock = fragment && isWhole(fragment) ? fragment.clock : 0;
  const { source, epoch, sha256 } = update;
  const clientId = clientIdOf(source, epoch);
  const verdict = decideUpdate({ update: bytes, sha256, clientId, clock });
  switch (verdict.verdict) {
    case "duplicate":
      return { outcome: { outcome: "merged" }, ...(fragment ? { again: fragment } : {}) };
    case "gap":
      return { outcome: { outcome: "refused", code: "gap" } };
    case "refused":
      return { outcome: { outcome: "refused", code: verdict.code } };
    case "next":
      return applyNext(customer, update, [bytes], { toClock: verdict.toClock, nowMs });
  }
}

function applyNext(
  customer: LoadedCustomer,
  update: MergeUpdate,
  next: readonly Uint8Array[],
  { toClock, nowMs }: { readonly toClock: number; readonly nowMs: number },
): Merged {
  const id = fragmentIdOf(update.source, update.epoch, update.key);
  const before = customer.fragments.get(id);
  const doc = before?.doc ?? openFragment(before && isWhole(before) ? before.state : null);
  for (const bytes of next) applyUpdate(doc, bytes);
  const said = readOwn(doc, update);
  const state = fragmentState(doc);
  const isTooLarge = state.length > LIMITS.fragmentBytes;
  if (!said || isTooLarge) {
    // The document has taken what the fragment refuses: from here on it is opened anew from the stored state.
    doc.destroy();
    if (before) customer.fragments.set(id, { ...before, doc: null });
    return {
      outcome: { outcome: "refused", code: isTooLarge ? "fragment_too_large" : "not_an_update" },
    };
  }
  const sha256 = sha256Hex(state);
  const clamps = keptClamps(said, extendClamps(said, before?.clamps ?? NO_CLAMPS, nowMs));
  const contribution = clampContribution(said, clamps);
  const changed = { id, clock: toClock, sha256, state, contribution, clamps, doc };
  customer.fragments.set(id, changed);
  // An id that was empty is somebody's again.
  return { outcome: { outcome: "merged" }, changed, markers: dropMarker(customer, EVERYTHING) };
}

const isWhole = ({ doc, state, sha256 }: LoadedFragment): boolean =>
  doc !== null || sha256Hex(state) === sha256;

/** The contribution, if it has the form of one and speaks for the writer and key that it came under. */
function readOwn(doc: ReturnType<typeof openFragment>, update: MergeUpdate) {
  try {
    const contribution = readContribution(doc);
    const { source, epoch, key } = contribution;
    const isOwn = source === update.source && epoch === update.epoch && key === update.key;
    return isOwn ? contribution : null;
  } catch {
    return null; // told to the sender as `not_an_update`
  }
}

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
