/**
 * A fragment as whoever merges it keeps it: the entries that stand, as they lie in its updates. What was said before is known as a
 * contribution, so that of each update only what is new has to be read and checked.
 */
import type { z } from "zod";
import { type Contribution, contributionSchema } from "./contribution.ts";
import { readSections, type Section, SECTIONS } from "./entries.ts";
import { readContribution } from "./fragment.ts";
import {
  type Deleted,
  entryOf,
  type Linear,
  nameBytesOf,
  readWhole,
  type Standing,
} from "./linear.ts";
import { writeState } from "./write-linear.ts";

/** Never changed: what is made of it is another one. */
export interface FragmentCopy {
  readonly clientId: number;
  /** Of the next entry: how many there have been. */
  readonly clock: number;
  readonly standing: readonly Standing[];
}

/** Throws when `state` is not a whole document of this writer. */
export function openCopy(state: Uint8Array | null, clientId: number): FragmentCopy {
  const { standing, clock } = state ? readWhole(state, clientId) : { standing: [], clock: 0 };
  return { clientId, clock, standing };
}

export const copyState = (copy: FragmentCopy): Uint8Array => writeState(copy.clientId, copy);

/** What the whole copy says. Throws when its entries do not have the form of a contribution. */
export const readCopy = ({ standing }: FragmentCopy): Contribution =>
  readContribution({ entries: () => standing.map((each) => entryOf(each)) });

export interface CopyChange {
  readonly copy: FragmentCopy;
  /** The clock before. */
  readonly from: number;
  readonly added: readonly Standing[];
  readonly gone: readonly Standing[];
}

/** With updates that follow it; what of them is there already is left alone. */
export function addTo(before: FragmentCopy, updates: readonly Linear[]): CopyChange {
  let { clock } = before;
  const all = [...before.standing];
  for (const update of updates) {
    if (update.from > clock)
      throw new RangeError("a fragment was given an update that does not follow");
    for (const one of update.standing) {
      // A copy: what stands for long holds on to nothing else of the update that it came with.
      if (one.clock >= clock) all.push({ ...one, bytes: one.bytes.slice() });
    }
    clock = Math.max(clock, update.to);
  }
  const isGone = among(updates.flatMap(({ deleted }) => deleted));
  const standing = all.filter((one) => !isGone(one));
  return {
    copy: { ...before, clock, standing },
    from: before.clock,
    added: standing.filter((one) => one.clock >= before.clock),
    gone: before.standing.filter((one) => isGone(one)),
  };
}

/** Ranges may come in any order and in any number. */
function among(ranges: readonly Deleted[]): (one: Standing) => boolean {
  const joined: { from: number; to: number }[] = [];
  for (const { clock, count } of ranges.toSorted((a, b) => a.clock - b.clock)) {
    const last = joined.at(-1);
    if (last && clock <= last.to) last.to = Math.max(last.to, clock + count);
    else joined.push({ from: clock, to: clock + count });
  }
  return ({ clock }) => {
    let [low, high] = [0, joined.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((joined[middle]?.to ?? 0) <= clock) low = middle + 1;
      else high = middle;
    }
    return (joined[low]?.from ?? Infinity) <= clock;
  };
}

/**
 * What the copy says after a change, from what it said before. Throws as `readCopy` does.
 * @param before what it said, no stamp of it clamped.
 */
export function contributionAfter(before: Contribution, change: CopyChange): Contribution {
  if (!isPlain(change)) return readCopy(change.copy);
  const said = readAdded(change.added);
  const gone = Map.groupBy(
    change.gone.map((one) => entryOf(one)),
    ([section]) => section,
  );
  function after<Values extends object>(
    section: Section,
    values: Values,
    added: Partial<Values> = {},
  ): Values {
    const left = gone.get(section) ?? [];
    if (left.length === 0 && Object.keys(added).length === 0) return values;
    const rest = { ...values };
    for (const [, name] of left) Reflect.deleteProperty(rest, name);
    return Object.assign(rest, added);
  }
  return {
    source: said.source ?? before.source,
    epoch: said.epoch ?? before.epoch,
    key: said.key ?? before.key,
    seq: said.seq ?? before.seq,
    first: said.first ?? before.first,
    last: said.last ?? before.last,
    keys: after("keys", before.keys, said.keys),
    claims: after("claims", before.claims, said.claims),
    consents: after("consents", before.consents, said.consents),
    totals: after("totals", before.totals, said.totals),
    recent: after("recent", before.recent, said.recent),
    notes: after("notes", before.notes, said.notes),
    traits: after("traits", before.traits, said.traits),
    behaviours: after("behaviours", before.behaviours, said.behaviours),
    carts: after("carts", before.carts, said.carts),
    orders: after("orders", before.orders, said.orders),
    loyalty: after("loyalty", before.loyalty, said.loyalty),
  };
}

const saidSchema = contributionSchema.partial();

function readAdded(added: readonly Standing[]): z.infer<typeof saidSchema> {
  const entries = added.map((one) => entryOf(one));
  const read = readSections({ entries: () => entries });
  const sections = new Set(entries.map(([section]) => section));
  const said = SECTIONS.map((section) => [
    section,
    sections.has(section) ? read(section) : undefined,
  ]);
  return saidSchema.parse({ ...read("meta"), ...Object.fromEntries(said) });
}

/** More than any event takes back: what does is read whole, which takes no longer. */
const MOST_GONE = 64;

/** Whether each entry that went was the only one of its name; of a fragment as a whole, one more has to come in its place. */
function isPlain({ copy, added, gone }: CopyChange): boolean {
  if (gone.length > MOST_GONE) return false;
  const [firstAdded] = added;
  const stayed = copy.standing.filter(({ clock }) => !firstAdded || clock < firstAdded.clock);
  return gone.every((one) => {
    const name = nameBytesOf(one);
    const isNamed = ({ bytes }: Standing) => startsWith(bytes, name);
    if (stayed.some(isNamed)) return false;
    return entryOf(one)[0] !== "meta" || added.some(isNamed);
  });
}

function startsWith(bytes: Uint8Array, beginning: Uint8Array): boolean {
  for (let at = 0; at < beginning.length; at++) if (bytes[at] !== beginning[at]) return false;
  return true;
}
