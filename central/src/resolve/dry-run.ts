/**
 * What a matching policy would change, without changing anything: page by page over all source records, each resolved by it as
 * its run would, and nothing of it written.
 *
 * A page knows what its own records would come to, with all that they then hang together with; what another page would have
 * joined before it does not yet stand. So of a chain of new ties the customers are counted in pairs, and a run may join more of
 * it into one.
 */
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { examine } from "./examine.ts";
import type { MatchingContext } from "./matching-context.ts";
import { NO_DECISIONS } from "./arrivals.ts";

export interface MatchingTally {
  readonly records: number;
  /** Customers that would be one with another that they are not one with now. */
  readonly joined: number;
  /** Customers whose records would no longer be one. */
  readonly parted: number;
  readonly samples: readonly MatchingSample[];
}

export interface MatchingSample {
  readonly change: "joined" | "parted";
  /** The customers that would be one; of one that would be parted itself alone. */
  readonly customers: readonly string[];
  /** A source record of each of them, or of each side. */
  readonly records: readonly string[];
}

export const NO_MATCHING_TALLY: MatchingTally = { records: 0, joined: 0, parted: 0, samples: [] };

export interface MatchingPage {
  readonly tally: MatchingTally;
  readonly last: string;
  readonly isMore: boolean;
}

/** Not to be run beside an intake: what is read is taken for one state. */
export async function matchingDryRunPage(
  storage: Storage,
  context: MatchingContext,
  { after, tally }: { readonly after: string; readonly tally: MatchingTally },
  { samples: most, nowMs }: { readonly samples: number; readonly nowMs: number },
): Promise<MatchingPage> {
  const limit = LIMITS.anewRecords;
  const rows = await rowsOf(
    storage,
    "select id from source_record where id > ? order by id limit ?",
    [after, limit],
  );
  const ids = rows.map((row) => textOf(row, "id"));
  const last = ids.at(-1) ?? after;
  const found = await changesIn(storage, context, ids, nowMs);
  const samples = [...tally.samples, ...found].slice(0, most);
  const countOf = (change: MatchingSample["change"]): number =>
    found.filter((each) => each.change === change).length;
  return {
    tally: {
      records: tally.records + ids.length,
      joined: tally.joined + countOf("joined"),
      parted: tally.parted + countOf("parted"),
      samples,
    },
    last,
    isMore: ids.length === limit,
  };
}

interface Belonging {
  readonly id: string;
  readonly was: string;
  readonly is: string;
}

/** Each change is told by the page of the first record that it is about, so that none is told twice. */
async function changesIn(
  storage: Storage,
  context: MatchingContext,
  ids: readonly string[],
  nowMs: number,
): Promise<MatchingSample[]> {
  if (ids.length === 0) return [];
  const occasion = { arrived: [], again: ids, pending: NO_DECISIONS };
  const { resolved } = await examine(storage, occasion, context, nowMs);
  if (!resolved) return [];
  const { around, naming } = resolved;
  const all = around.records
    .flatMap(({ id, customer }): Belonging[] => {
      const is = naming.customerOfRecord.get(id);
      return customer === null || is === undefined ? [] : [{ id, was: customer, is }];
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const these = new Set(ids);
  const isTold = (records: readonly Belonging[]): boolean => these.has(records[0]?.id ?? "");
  const joined = [...Map.groupBy(all, ({ is }) => is).values()].flatMap((records) => {
    const firsts = firstBy(records, ({ was }) => was);
    if (firsts.length < 2 || !isTold(records)) return [];
    // The first stays who they are; each of the others is one customer less.
    return firsts.slice(1).map((other): MatchingSample => ({
      change: "joined",
      customers: [firsts[0]?.was ?? "", other.was],
      records: [firsts[0]?.id ?? "", other.id],
    }));
  });
  const parted = [...Map.groupBy(all, ({ was }) => was).values()].flatMap((records) => {
    const sides = firstBy(records, ({ is }) => is);
    if (sides.length < 2 || !isTold(records)) return [];
    const { was } = records[0] ?? { was: "" };
    return [{ change: "parted", customers: [was], records: sides.map(({ id }) => id) } as const];
  });
  return [...joined, ...parted];
}

function firstBy(
  records: readonly Belonging[],
  nameOf: (record: Belonging) => string,
): Belonging[] {
  return [...Map.groupBy(records, nameOf).values()].flatMap(([first]) => (first ? [first] : []));
}
