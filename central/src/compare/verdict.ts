/**
 * Whether the two sides of one customer are the same, and what differs if not (GLD2). What is merely on its way is no
 * difference, and that is proven, not waited for: the centre was in one state before and after the edge was asked and had
 * nothing to tell, the edge had nothing to deliver and nothing to move. Then each side has all that the other one has sent.
 */
import type { ComparedProfile } from "@regulars/shared/compare/messages";
import { marksDigest } from "@regulars/shared/compare/marks";
import { sha256Hex } from "@regulars/shared/digest";
import type { CentreSide } from "./centre-side.ts";

export const WHAT_DIFFERS = [
  /** One side has a fragment, or a state of it, that the other one has not. */
  "fragments",
  /** Made of the same fragments, and yet another profile is served. */
  "profile",
  /** What the edge has stored cannot be read. */
  "unreadable",
  /** What apps are shown is not what the profile says. */
  "shown",
  /** The edge goes by an older policy. */
  "policy",
  /** The edge has not heard of the newest version of the golden record. */
  "version",
  /** The golden record is not what its source records make. */
  "golden_record",
  /** The edge has nothing of the customer. */
  "not_at_edge",
  /** The centre has nothing of the customer. */
  "not_at_centre",
  /** One side has the id as a redirect, the other one has not. */
  "redirect",
] as const;
export type WhatDiffers = (typeof WHAT_DIFFERS)[number];

export type Verdict =
  | { readonly is: "same" }
  /** Something is on its way: nothing can be said. */
  | { readonly is: "busy" }
  | {
      readonly is: "different";
      readonly what: readonly WhatDiffers[];
      /** Of both sides: seen again with the same, nothing has happened in between. */
      readonly state: string;
    };

const NONE = marksDigest([]);

/** `edge`: undefined where it has never had the customer. */
export function verdictOf(
  before: CentreSide,
  edge: ComparedProfile | undefined,
  after: CentreSide,
): Verdict {
  if (before.state !== after.state || before.isTelling || after.isTelling) return { is: "busy" };
  if (edge?.isQuiet === false) return { is: "busy" };
  const what = whatDiffers(after, edge);
  if (what.length === 0) return { is: "same" };
  return { is: "different", what, state: stateOf(after, edge) };
}

export function whatDiffers(centre: CentreSide, edge: ComparedProfile | undefined): WhatDiffers[] {
  if (!isActive(centre)) {
    const isEmpty = !edge || edge.redirect !== null || edge.marks === NONE;
    if (isEmpty) return [];
    return [centre.redirect === null ? "not_at_centre" : "redirect"];
  }
  const golden: WhatDiffers[] = centre.isGolden === false ? ["golden_record"] : [];
  if (!edge) return [...golden, "not_at_edge"];
  if (edge.redirect !== null) return [...golden, "redirect"];
  return [...golden, ...served(centre, edge)];
}

/** The id stands for somebody here. */
const isActive = ({ isKnown, redirect, fragments }: CentreSide): boolean =>
  isKnown && redirect === null && fragments.length > 0;

function served(centre: CentreSide, edge: ComparedProfile): WhatDiffers[] {
  const what: WhatDiffers[] = [];
  const hasSameFragments = edge.marks === centre.marks;
  if (!hasSameFragments) what.push("fragments");
  if (edge.digest === null) what.push("unreadable");
  else if (hasSameFragments && edge.digest !== centre.digest) what.push("profile");
  else if (!edge.isShown) what.push("shown");
  if (edge.policy < centre.policy) what.push("policy");
  // Ahead is no difference: a redirect takes a higher number of the other id along.
  if (edge.golden < centre.version) what.push("version");
  return what;
}

const stateOf = (centre: CentreSide, edge: ComparedProfile | undefined): string =>
  sha256Hex(
    JSON.stringify([
      centre.state,
      edge && [edge.redirect, edge.golden, edge.policy, edge.digest, edge.isShown, edge.marks],
    ]),
  );
