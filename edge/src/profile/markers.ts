/**
 * Markers: what a customer knows of fragments that do not live where they are looked for.
 *
 * A marker is about one fragment, one key or the whole customer, and the narrower one counts: a fragment that was moved
 * alone stays where it was put when its key or its customer move later. A fragment whose own marker names the customer
 * itself is at home there, whatever its key does; and so is a key that was given to a customer. Whoever has lived somewhere left a marker when leaving, so that from
 * every customer where a fragment may be looked for a way leads to the one where it lives, and none leads in a circle.
 */
import { type CustomerId, type IdentityKey, parseFragmentId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";

/** A fragment (its id), a key, or everything of a customer. */
export type Scope = string;
export const EVERYTHING: Scope = "";

/**
 * `moving`: fragments are on their way. `ceding`: the same of a key, whose fragments stay: only what is new of it goes
 * elsewhere. `moved`: done. `emptied`: the last fragment left by itself; the id redirects, and takes what comes.
 */
const STAGES = ["moving", "moved", "emptied", "ceding"] as const;
export type Stage = (typeof STAGES)[number];

export interface Marker {
  readonly target: CustomerId;
  readonly stage: Stage;
}

/** Of a loaded customer, all that places depend on. */
export interface Marked {
  readonly customer: CustomerId;
  readonly moved: Map<Scope, Marker>;
}

export type Place =
  | { readonly lives: "here" }
  | { readonly lives: "moving" }
  /** By the marker with this scope. */
  | { readonly lives: "away"; readonly to: CustomerId; readonly scope: Scope };

export const isFragment = (scope: Scope): boolean => scope.includes("/");

export const keyOf = (scope: Scope): IdentityKey =>
  isFragment(scope) ? parseFragmentId(scope).key : scope;

export const covers = (scope: Scope, fragment: string): boolean =>
  scope === EVERYTHING || scope === fragment || scope === keyOf(fragment);

/** Of a fragment, or of what is new of a key. */
export function placeOf({ customer, moved }: Marked, about: Scope): Place {
  const scopes = isFragment(about) ? [about, keyOf(about), EVERYTHING] : [about, EVERYTHING];
  for (const scope of scopes) {
    const marker = moved.get(scope);
    if (!marker || marker.stage === "emptied") continue;
    if (marker.target === customer) return { lives: "here" };
    if (marker.stage !== "moved") return { lives: "moving" };
    return { lives: "away", to: marker.target, scope };
  }
  return { lives: "here" };
}

/**
 * What a customer as a whole has answered for a key stays true when that customer's id comes back for other reasons: from
 * now on the key has its own marker.
 */
export function keyMarkers(marked: Marked, about: Scope, place: Place): Statement[] {
  if (place.lives !== "away" || place.scope !== EVERYTHING) return [];
  return [setMarker(marked, keyOf(about), place.to, "moved")];
}

/** A fragment or a key, by a decision of its own, also before anything of it has arrived. */
export const isAtHome = ({ customer, moved }: Marked, scope: Scope): boolean =>
  moved.get(scope)?.target === customer;

/** The markers of fragments that the scope covers. */
export function fragmentMarkers({ moved }: Marked, scope: Scope): [string, Marker][] {
  return [...moved].filter(([of]) => isFragment(of) && covers(scope, of));
}

/** The other side of a move: what came, and from where. */
export interface Arrival {
  readonly from: CustomerId;
  readonly scope: Scope;
}

/** A move that has begun and has not ended. */
export interface Move {
  readonly scope: Scope;
  readonly to: CustomerId;
  readonly stage: Stage;
}

/** The widest first: with it the narrower ones under it end as well. */
export function unfinishedMoves({ customer, moved }: Marked): Move[] {
  return [...moved]
    .filter(([, { target, stage }]) => isUnderWay(stage) && target !== customer)
    .map(([scope, { target, stage }]) => ({ scope, to: target, stage }))
    .toSorted((a, b) => widthOf(a.scope) - widthOf(b.scope));
}

/** In SQL, of a marker about everything: the id redirects. */
export const IS_REDIRECT = "done in (1, 2)";

const isUnderWay = (stage: Stage): boolean => stage === "moving" || stage === "ceding";
const widthOf = (scope: Scope): number => (scope === EVERYTHING ? 0 : isFragment(scope) ? 2 : 1);

export const stageOf = (stored: number): Stage => STAGES[stored] ?? "moved";

export function setMarker(marked: Marked, scope: Scope, target: CustomerId, stage: Stage) {
  marked.moved.set(scope, { target, stage });
  const sql = `insert into moved (customer, key, target, done) values (?, ?, ?, ?)
    on conflict (customer, key) do update set target = excluded.target, done = excluded.done`;
  const args = [marked.customer, scope, target, STAGES.indexOf(stage)];
  return { sql, args } satisfies Statement;
}

export function dropMarker({ customer, moved }: Marked, scope: Scope): Statement[] {
  if (!moved.delete(scope)) return [];
  return [{ sql: "delete from moved where customer = ? and key = ?", args: [customer, scope] }];
}
