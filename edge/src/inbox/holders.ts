/** Which customer each key belongs to, as the directory says, remembered between rounds. */
import { isDeviceKey } from "@regulars/shared/identity/key";
import {
  customerIdOf,
  type CustomerId,
  fragmentIdOf,
  type FragmentName,
  type IdentityKey,
} from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import type { DirectoryPort } from "../directory/port.ts";
import type { MergeOutcome } from "../profile/port.ts";

/**
 * By identity key, as the directory last said, and by fragment, where one was moved alone. Wrong entries are put right by a
 * shard that answers `moved`.
 */
export type Holders = Map<string, CustomerId>;

export interface HoldersDeps {
  readonly directory: Pick<DirectoryPort, "lookup" | "bind">;
  readonly holders: Holders;
}

/** Keys that arrived together, the strongest first. */
interface KeyedItem {
  readonly subject: readonly IdentityKey[];
  readonly updates: readonly Pick<FragmentUpdate, "key">[];
}

/**
 * Who holds each key; keys that nobody holds are bound to the customer that they arrived with. A device's key is bound to a
 * customer of its own, and only where something is known by it alone: two people may have sat before it, and whose it is the
 * centre decides (EDG1).
 */
export async function holdersOf(
  deps: HoldersDeps,
  items: readonly KeyedItem[],
): Promise<ReadonlyMap<IdentityKey, CustomerId>> {
  const { directory, holders } = deps;
  const keys = new Set(items.flatMap((item) => keysOf(item)));
  const unknown = [...keys].filter((key) => !holders.has(key));
  if (unknown.length > 0) remember(holders, await directory.lookup(unknown));
  const found = new Map<IdentityKey, CustomerId>();
  for (const key of keys) {
    const customer = holders.get(key);
    if (customer) found.set(key, customer);
  }
  const wanted = new Map<IdentityKey, CustomerId>();
  for (const together of items.flatMap((item) => tiedIn(item))) {
    const free = together.filter((key) => !found.has(key));
    const [primary] = together;
    if (free.length === 0 || primary === undefined) continue;
    const held = together.map((key) => found.get(key)).find((customer) => customer !== undefined);
    const customer = held ?? customerIdOf(primary);
    for (const key of free) {
      wanted.set(key, customer);
      found.set(key, customer);
    }
  }
  if (wanted.size > 0) {
    const bound = await directory.bind([...wanted].map(([key, customer]) => ({ key, customer })));
    remember(holders, bound);
    for (const [key, customer] of bound) found.set(key, customer);
  }
  return found;
}

/** Whom a fragment is to be brought to: it may have been moved alone, away from the customer who holds its key. */
export function customerOf(
  { holders }: Pick<HoldersDeps, "holders">,
  found: ReadonlyMap<IdentityKey, CustomerId>,
  { source, epoch, key }: FragmentName,
): CustomerId {
  const customer = holders.get(fragmentIdOf(source, epoch, key)) ?? found.get(key);
  if (customer === undefined) throw new Error("a key of an update was left without a holder");
  return customer;
}

/** Where a shard says that the fragment lives now; of the others of its key it may have said nothing. */
export function rememberMove(
  { holders }: Pick<HoldersDeps, "holders">,
  { source, epoch, key }: FragmentName,
  { to, alone }: Extract<MergeOutcome, { outcome: "moved" }>,
): void {
  const fragment = fragmentIdOf(source, epoch, key);
  const isAlone = alone || holders.has(fragment);
  remember(holders, new Map([[isAlone ? fragment : key, to]]));
}

/** Keys that must have a holder: those that fragments are named by, and those that people are. */
const keysOf = ({ updates, subject }: KeyedItem): IdentityKey[] => [
  ...new Set([
    ...updates.map((update) => update.key),
    ...subject.filter((key) => !isDeviceKey(key)),
  ]),
];

/** Keys that belong to one customer because they arrived together; a device's belongs to nobody else's. */
function tiedIn(item: KeyedItem): IdentityKey[][] {
  const keys = keysOf(item);
  const devices = keys.filter((key) => isDeviceKey(key)).map((key) => [key]);
  return [keys.filter((key) => !isDeviceKey(key)), ...devices];
}

function remember(holders: Holders, bindings: ReadonlyMap<string, CustomerId>): void {
  for (const [key, customer] of bindings) holders.set(key, customer);
  for (const key of holders.keys()) {
    if (holders.size <= LIMITS.knownHolders) break;
    holders.delete(key); // oldest first: a Map keeps the order of insertion
  }
}
