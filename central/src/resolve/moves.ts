/**
 * What the edge is told of fragments that are not where they belong. A redirect moves all of a customer; else the fragments of
 * a key move together while the key has one owner, and one by one when two people share it. A fragment that has moved is
 * delivered again, so that a place which the centre did not know of is found in the end.
 */
import { type CustomerId, type IdentityKey, parseFragmentId } from "@regulars/shared/ids";
import type { Decision } from "@regulars/shared/protocol/publish";

export type Assign = Extract<Decision, { kind: "assign" }>;

/** A fragment, whose it is, and where the edge may have it. */
export interface Placement {
  readonly id: string;
  readonly customer: CustomerId;
  readonly places: readonly (CustomerId | null)[];
}

/** `hasOneOwner` tells whether all fragments of the key are with one customer. */
export function decideMoves(
  placements: readonly Placement[],
  targetOf: (id: CustomerId) => CustomerId | undefined,
  hasOneOwner: (key: IdentityKey) => boolean,
): Decision[] {
  const assigns = new Map<string, Decision>();
  const redirects = new Map<string, Decision>();
  for (const { id, customer: to, places } of placements) {
    for (const from of new Set(places)) {
      if (from === null || from === to) continue;
      if (targetOf(from) === to) {
        redirects.set(from, { kind: "redirect", from, to });
        continue;
      }
      const { source, epoch, key } = parseFragmentId(id);
      const assign: Assign = hasOneOwner(key)
        ? { kind: "assign", key, from, to }
        : { kind: "assign", key, from, to, source, epoch };
      assigns.set(JSON.stringify(assign), assign);
    }
  }
  // What goes elsewhere first: after the redirect it would be looked for in vain.
  return [...assigns.values(), ...redirects.values()];
}

/** Keys whose owner has to be known before fragments of them can be told to move. */
export function keysToMove(
  placements: readonly Placement[],
  targetOf: (id: CustomerId) => CustomerId | undefined,
): IdentityKey[] {
  const keys = placements
    .filter(({ customer, places }) =>
      places.some((from) => from !== null && from !== customer && targetOf(from) !== customer),
    )
    .map(({ id }) => parseFragmentId(id).key);
  return [...new Set(keys)];
}
