/**
 * Moving what the centre has decided to move. Between `leave` and `left` the old place answers `busy`, so no update can
 * fall between the two. A move that was stopped anywhere is ended before anything else happens to its customers, also where
 * the centre has meanwhile decided something else: what was begun counts as done.
 *
 * The centre may be behind the edge in where it believes a fragment to be: what is not there any more is looked for
 * along its markers, and moved from where it lives.
 */
import { isDeviceKey } from "@regulars/shared/identity/key";
import { type CustomerId, fragmentIdOf, type IdentityKey } from "@regulars/shared/ids";
import type { DirectoryPort } from "../directory/port.ts";
import { EVERYTHING, isFragment, type Move, type Scope } from "../profile/markers.ts";
import { NOTHING } from "../profile/move.ts";
import type { MovesPort } from "../profile/port.ts";

export interface MoveDeps {
  readonly directory: Pick<DirectoryPort, "assign" | "reassign" | "bind" | "lookup">;
  readonly profiles: MovesPort;
}

/** Everything of a customer, whose id redirects from then on. */
export async function moveCustomer(
  deps: MoveDeps,
  from: CustomerId,
  to: CustomerId,
): Promise<void> {
  if (from === to) return;
  await finishMoves(deps, to);
  await finishMoves(deps, from);
  const { redirect } = await deps.profiles.standing(from);
  if (redirect !== to) await moveEverything(deps, from, to);
}

async function moveEverything(deps: MoveDeps, from: CustomerId, to: CustomerId): Promise<void> {
  const { profiles, directory } = deps;
  const back = await keysThatComeBack(deps, from, to);
  const leaving = await profiles.leave(from, EVERYTHING, to);
  const known = [...new Set([...leaving.keys, ...leaving.homeKeys, ...back.at, ...back.known])];
  const held = await directory.lookup(known);
  // A device that nobody holds stays free: others may have sat before it, and what they do there is not this customer's.
  const free = (key: IdentityKey): CustomerId | null => (isDeviceKey(key) ? null : from);
  const bound = known.filter((key) => (held.get(key) ?? free(key)) === from);
  const homeKeys = [...new Set([...leaving.homeKeys, ...back.at, ...bound])];
  // Also with nothing to take along: an id that redirected until now stops doing so.
  const arriving = { from, to, scope: EVERYTHING };
  await profiles.arrive(arriving, { ...leaving, homeKeys });
  await profiles.left(from, EVERYTHING, to, homeKeys);
  await profiles.settle(arriving);
  // Last: as long as the move is under way, whoever looks for one of its keys comes across it.
  await directory.reassign(
    bound.map((key) => ({ key, customer: to })),
    from,
  );
}

/**
 * Keys that had gone from `to` to wherever, and from there to `from`: with it they are back. And those that `to` has: where
 * the directory still looks for one at `from`, it came from there before this move was stopped.
 */
async function keysThatComeBack(deps: MoveDeps, from: CustomerId, to: CustomerId) {
  const { keys, homeKeys: known } = await deps.profiles.standing(to);
  const at: IdentityKey[] = [];
  for (const { key, to: next } of keys) {
    if ((await placeFrom(deps, next, key)) === from) at.push(key);
  }
  return { at, known };
}

/** The fragments of a key that are at `from`, and what is new of the key wherever it is looked for. */
export async function moveKey(
  deps: MoveDeps,
  key: IdentityKey,
  from: CustomerId,
  to: CustomerId,
): Promise<void> {
  await finishMoves(deps, to);
  const bound = (await deps.directory.lookup([key])).get(key) ?? from;
  const holder = await finishedPlace(deps, bound, key);
  // Another customer than `from` may have the key. What lives there was not spoken of, and stays.
  const isShared = holder !== (await finishedPlace(deps, from, key));
  if (holder !== to) {
    await moveScope(deps, holder, { scope: key, to, stage: isShared ? "ceding" : "moving" });
  }
  if (from !== to) {
    await finishMoves(deps, from);
    for (const fragment of await deps.profiles.held(from, key)) {
      await moveScope(deps, from, { scope: fragment, to, stage: "moving" });
    }
  }
  await deps.directory.assign([{ key, customer: to }]);
}

/** One fragment alone. The key stays whose it is, and whoever is asked for the fragment because of it knows better. */
export async function moveFragment(
  deps: MoveDeps,
  name: { readonly source: string; readonly epoch: number; readonly key: IdentityKey },
  from: CustomerId,
  to: CustomerId,
): Promise<void> {
  const { key } = name;
  const fragment = fragmentIdOf(name.source, name.epoch, key);
  await finishMoves(deps, to);
  const bound = (await deps.directory.bind([{ key, customer: from }])).get(key) ?? from;
  // The key's customer is told of every fragment that moves, so it knows best; whoever the centre believes in may not.
  let hasMoved = false;
  for (const start of new Set([bound, from])) {
    const place = await finishedPlace(deps, start, fragment);
    // From there it is one step, however often the fragment moves.
    const onTheWay = new Set([start, place]);
    onTheWay.delete(to);
    const isThere = start === bound || (await deps.profiles.held(place, key)).includes(fragment);
    if (place !== to && isThere) {
      await moveScope(deps, place, { scope: fragment, to, stage: "moving" });
      onTheWay.delete(place);
      hasMoved = true;
    }
    for (const each of onTheWay) await deps.profiles.point(each, fragment, to);
  }
  // It may have come there with its key: from now on it stays when the key goes.
  if (hasMoved) return;
  await deps.profiles.arrive({ from: to, to, scope: fragment }, { ...NOTHING, homes: [fragment] });
}

async function moveScope(
  { profiles, directory }: MoveDeps,
  from: CustomerId,
  { scope, to, stage }: Move,
): Promise<void> {
  const isCeded = stage === "ceding";
  const leaving = isCeded
    ? await profiles.cede(from, scope, to)
    : await profiles.leave(from, scope, to);
  await profiles.arrive({ from, to, scope }, leaving);
  await profiles.left(from, scope, to);
  await profiles.settle({ from, to, scope });
  // Last: as long as a move is under way, whoever looks for the key comes across it.
  if (!isFragment(scope)) await directory.assign([{ key: scope, customer: to }]);
}

/** What was begun with the customer and not ended, on whichever side. */
export async function finishMoves(deps: MoveDeps, customer: CustomerId): Promise<void> {
  const { profiles } = deps;
  for (;;) {
    const { unfinished, arrivals } = await profiles.standing(customer);
    const [arrival] = arrivals;
    if (arrival) {
      const { from, scope } = arrival;
      const move = (await profiles.standing(from)).unfinished.find(
        (each) => each.to === customer && each.scope === scope,
      );
      if (move) await finishMove(deps, from, move);
      else await profiles.settle({ from, to: customer, scope });
      continue;
    }
    const [move] = unfinished;
    if (!move) return;
    await finishMoves(deps, move.to);
    await finishMove(deps, customer, move);
  }
}

const finishMove = (deps: MoveDeps, from: CustomerId, move: Move): Promise<void> =>
  move.scope === EVERYTHING ? moveEverything(deps, from, move.to) : moveScope(deps, from, move);

/** Where it lives, with no move under way there. */
async function finishedPlace(deps: MoveDeps, start: CustomerId, about: Scope): Promise<CustomerId> {
  for (;;) {
    const place = await placeFrom(deps, start, about);
    const { unfinished, arrivals } = await deps.profiles.standing(place);
    if (unfinished.length + arrivals.length === 0) return place;
    await finishMoves(deps, place);
  }
}

/** Follows the markers. Nobody is asked twice, so that it ends whatever they say. */
async function placeFrom(
  { profiles }: MoveDeps,
  start: CustomerId,
  about: Scope,
): Promise<CustomerId> {
  const asked = new Set<CustomerId>();
  let at = start;
  for (;;) {
    asked.add(at);
    const next = await profiles.whereIs(at, about);
    if (next === null || asked.has(next)) return at;
    at = next;
  }
}
