/**
 * The stretches of journals that make up a store-day. A stretch goes on to the row before the next one that is here: rows
 * that were lost at its end belong to it, too, and none falls between two days.
 */
import { chainStart } from "@regulars/shared/events/chain";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";

export interface Stretch {
  readonly source: string;
  readonly epoch: number;
  readonly from: number;
  readonly to: number;
}

export interface StoreDay {
  readonly store: string;
  readonly businessDay: string;
}

/** The last number that a journal may have. */
const END = Number.MAX_SAFE_INTEGER;

export const dayStatement = ({ store, businessDay }: StoreDay): Statement => ({
  sql: `select source, epoch, seq from event where store = ? and business_day = ?
        order by source, epoch, seq`,
  args: [store, businessDay],
});

/** The nearest rows here before and after each stretch. */
export const neighboursStatement = (runs: readonly Stretch[]): Statement => ({
  sql: `select value ->> 0 as source, value ->> 1 as epoch, value ->> 2 as first,
          (select seq from event where source = value ->> 0 and epoch = value ->> 1
             and seq < value ->> 2 order by seq desc limit 1) as before,
          (select seq from event where source = value ->> 0 and epoch = value ->> 1
             and seq > value ->> 3 order by seq limit 1) as after
        from json_each(?)`,
  args: [JSON.stringify(runs.map(({ source, epoch, from, to }) => [source, epoch, from, to]))],
});

export async function readStretches(storage: Storage, day: StoreDay): Promise<Stretch[]> {
  const [rows = []] = await storage.read([dayStatement(day)]);
  const runs = runsOf(rows);
  if (runs.length === 0) return [];
  const [neighbours = []] = await storage.read([neighboursStatement(runs)]);
  return runs.map((run, at) => {
    const { before = null, after = null } = neighbours[at] ?? {};
    return {
      ...run,
      from: before === null ? 1 : run.from,
      to: typeof after === "number" ? after - 1 : END,
    };
  });
}

function runsOf(rows: readonly Row[]): Stretch[] {
  const runs: Stretch[] = [];
  for (const row of rows) {
    const [source, epoch, seq] = [
      textOf(row, "source"),
      numberOf(row, "epoch"),
      numberOf(row, "seq"),
    ];
    const last = runs.at(-1);
    if (last?.source === source && last.epoch === epoch && last.to === seq - 1) {
      runs[runs.length - 1] = { ...last, to: seq };
    } else runs.push({ source, epoch, from: seq, to: seq });
  }
  return runs;
}

export const rowsStatement = ({ source, epoch, from, to }: Stretch): Statement => ({
  sql: `select seq, hash from event where source = ? and epoch = ? and seq >= ? and seq <= ?
        order by seq`,
  args: [source, epoch, from, to],
});

/** Hash of the row before the number; null where it is not here. */
export function hashBefore(
  { source, epoch }: Pick<Stretch, "source" | "epoch">,
  seq: number,
  hashes: ReadonlyMap<number, string>,
): string | null {
  return seq === 1 ? chainStart(source, epoch) : (hashes.get(seq - 1) ?? null);
}
