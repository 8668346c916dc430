/**
 * To whom this till's own fragments belong. Two people may share a key, so a fragment is asked for by its own name first: the
 * customer in whose profile the edge has merged it has it. Where no profile names it yet, the edge's own rule holds: whoever
 * has its key, else whoever has a key that was seen with it. Where the working set knows none of them, the strongest key
 * among this till's fragments that share one names the customer. A browser leads to nobody: what was done on it stands alone
 * until a profile names it (IDN8).
 */
import { compareKeys, isDeviceKey } from "@regulars/shared/identity/key";
import { customerIdOf, type CustomerId, type IdentityKey } from "@regulars/shared/ids";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";

/** One epoch of this till writes one fragment of a key. */
export interface OwnFragment {
  readonly key: IdentityKey;
  readonly epoch: number;
}

export interface Home {
  readonly customer: CustomerId;
  /** Keys of this till's fragments that lead there. */
  readonly own: readonly IdentityKey[];
}

export interface OwnDeps {
  readonly storage: Storage;
  /** This till, whose fragments are named after it. */
  readonly source: string;
}

/** Of each key, those who have one of its fragments: most often one, and never nobody. */
export async function homesOf(
  deps: OwnDeps,
  keys: readonly IdentityKey[],
): Promise<Map<IdentityKey, Home[]>> {
  const homes = new Map<IdentityKey, Home[]>();
  for (const { fragment, home } of await fragmentHomes(deps, keys)) {
    homes.set(fragment.key, [...(homes.get(fragment.key) ?? []), home]);
  }
  return homes;
}

export async function fragmentHomes(
  { storage, source }: OwnDeps,
  keys: readonly IdentityKey[],
): Promise<{ readonly fragment: OwnFragment; readonly home: Home }[]> {
  if (keys.length === 0) return [];
  const [rows = []] = await storage.read([
    {
      // A fragment's name has no character that a JSON path would take for anything else.
      sql: `select f.key as fragment, f.epoch, known.value as known, t.own as own,
              t.holder as holder, json_type(p.json,
                '$.fragments."' || ?1 || '/' || f.epoch || '/' || f.key || '"') is not null as merged
            from fragment f
            cross join json_each(f.keys) known
            cross join term t on t.own in (0, 1) and t.kind = 'keys' and t.term = known.value
            left join profile p on t.own = 0 and p.customer = t.holder
            where f.key in (select value from json_each(?2))`,
      args: [source, JSON.stringify(keys)],
    },
  ]);
  const byFragment = Map.groupBy(rows, (row) => `${numberOf(row, "epoch")}/${keyOf(row)}`);
  return [...byFragment.values()].flatMap((links) => {
    const [first] = links;
    if (!first) return [];
    const fragment = { key: keyOf(first), epoch: numberOf(first, "epoch") };
    const leading = links.filter((row) => isLeading(fragment.key, row));
    return [{ fragment, home: homeOf(fragment.key, leading) }];
  });
}

/** Others who were seen with the browser say nothing of whose the fragment is. */
function isLeading(key: IdentityKey, row: Row): boolean {
  if (!isDeviceKey(textOf(row, "known")) || numberOf(row, "merged") === 1) return true;
  const holder = holderOf(row);
  return numberOf(row, "own") === 1 ? holder === key : holder === customerIdOf(key);
}

function homeOf(key: IdentityKey, links: readonly Row[]): Home {
  const ranked = links.toSorted(
    (a, b) => rankOf(key, a) - rankOf(key, b) || byKnown(a, b) || byHolder(a, b),
  );
  const holder = ranked.find((row) => numberOf(row, "own") === 0);
  if (holder) return { customer: holderOf(holder), own: [key] };
  const siblings = new Set(links.filter((row) => numberOf(row, "own") === 1).map(holderOf));
  const own = [...siblings.add(key)].toSorted(compareKeys);
  return { customer: customerIdOf(own[0] ?? key), own };
}

const keyOf = (row: Row): IdentityKey => textOf(row, "fragment");
const holderOf = (row: Row): string => textOf(row, "holder");
const rankOf = (key: IdentityKey, row: Row): number =>
  numberOf(row, "merged") === 1 ? 0 : textOf(row, "known") === key ? 1 : 2;
const byKnown = (a: Row, b: Row): number => compareKeys(textOf(a, "known"), textOf(b, "known"));
const byHolder = (a: Row, b: Row): number => (holderOf(a) < holderOf(b) ? -1 : 1);
