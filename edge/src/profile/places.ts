/** What a shard says of where things live, to whoever moves them. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import {
  covers,
  EVERYTHING,
  isAtHome,
  isFragment,
  keyMarkers,
  placeOf,
  type Scope,
  setMarker,
  unfinishedMoves,
} from "./markers.ts";
import type { Standing } from "./port.ts";
import type { Session } from "./session.ts";

/** Where to ask next about a fragment, or about what is new of a key; null where it lives here or is leaving. */
export async function whereIs(
  session: Session,
  id: CustomerId,
  about: Scope,
): Promise<CustomerId | null> {
  const customer = (await session.load([id]))(id);
  const place = placeOf(customer, about);
  if (place.lives !== "away") return null;
  const markers = keyMarkers(customer, about, place);
  if (markers.length > 0) await session.storage.write(markers);
  return place.to;
}

/** Fragments of the key that live here, or will. */
export async function held(session: Session, id: CustomerId, key: IdentityKey): Promise<string[]> {
  const customer = (await session.load([id]))(id);
  const known = new Set([...customer.fragments.keys(), ...customer.moved.keys()]);
  return [...known].filter(
    (each) =>
      isFragment(each) &&
      covers(key, each) &&
      (customer.fragments.has(each) || isAtHome(customer, each)),
  );
}

export async function standing(session: Session, id: CustomerId): Promise<Standing> {
  const customer = (await session.load([id]))(id);
  const redirect = customer.moved.get(EVERYTHING);
  return {
    unfinished: unfinishedMoves(customer),
    arrivals: customer.arrivals,
    keys: [...customer.moved].flatMap(([scope, { target: to, stage }]) =>
      scope === EVERYTHING || isFragment(scope) || stage !== "moved" || to === id
        ? []
        : [{ key: scope, to }],
    ),
    homeKeys: [...customer.moved.keys()].filter(
      (scope) => scope !== EVERYTHING && !isFragment(scope) && isAtHome(customer, scope),
    ),
    redirect: redirect?.stage === "moved" ? redirect.target : null,
  };
}

/** The fragment is to be looked for there, whoever asks here. */
export async function point(
  session: Session,
  id: CustomerId,
  fragment: string,
  to: CustomerId,
): Promise<void> {
  const customer = (await session.load([id]))(id);
  if (customer.fragments.has(fragment) || customer.moved.get(fragment)?.target === to) return;
  await session.storage.write([setMarker(customer, fragment, to, "moved")]);
}
