/** Which pairs are worth keeping after a change, by the weights of all that are filed together. */
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { unitText } from "../db/packed-columns.ts";
import type { ScoredPair } from "../matching/clusters.ts";
import { BLOCK_RECORDS } from "../matching/filed.ts";
import type { Prepared } from "../matching/prepare.ts";
import type { Filing } from "./filing.ts";
import type { MatchingContext } from "./matching-context.ts";
import { BLOCKS, memberQueries } from "./members.ts";
import { blockNumbersOf, byText, unpackFeatures } from "./unit.ts";
import type { UnitChanges } from "./unit-changes.ts";

export interface PairChanges {
  readonly kept: readonly ScoredPair[];
  /** Stored ones that are so no more; those of removed units besides. */
  readonly gone: readonly ScoredPair[];
}

type Ends = readonly [string, string];
const sorted = (a: string, b: string): Ends => (a < b ? [a, b] : [b, a]);
const nameOf = ([a, b]: Ends): string => `${a} ${b}`;

export async function decidePairs(
  storage: Storage,
  changes: UnitChanges,
  filing: Filing,
  context: MatchingContext,
): Promise<PairChanges> {
  const candidates = candidatesOf(changes, filing);
  const crowded = [...filing.blocks.values()].flatMap(({ before, after }) =>
    before !== null && after === null ? [before] : [],
  );
  const compared = new Set(changes.compared.map(({ id }) => id));
  const doubted = await readPairs(storage, crowded, [...compared]);
  const needed = new Set([...candidates.values(), ...doubted.map(({ a, b }) => [a, b])].flat());
  const prepared = await prepareAll(storage, changes, needed, context);
  const kept: ScoredPair[] = [];
  for (const [a, b] of candidates.values()) {
    const [one, two] = [prepared.get(a), prepared.get(b)];
    if (!one || !two) continue;
    const weight = context.weightOf(one, two);
    if (weight >= context.model.thresholds.potential) kept.push({ a, b, weight });
  }
  const standing = new Set(kept.map(({ a, b }) => nameOf([a, b])));
  const left = doubted.filter(({ a, b }) => !standing.has(nameOf([a, b])));
  const isCompared = ({ a, b }: ScoredPair): boolean => compared.has(a) || compared.has(b);
  const unsupported = await withoutSupport(
    storage,
    left.filter((each) => !isCompared(each)),
    { changes, filing, context, prepared },
  );
  return { kept, gone: [...left.filter(isCompared), ...unsupported] };
}

/** Pairs to weigh: of each unit that is new or compared again, and of a code that has become small enough. */
function candidatesOf({ added, compared }: UnitChanges, filing: Filing): Map<string, Ends> {
  const candidates = new Map<string, Ends>();
  const offer = (a: string, b: string): void => {
    if (a === b) return;
    const ends = sorted(a, b);
    candidates.set(nameOf(ends), ends);
  };
  for (const { id } of [...added, ...compared]) {
    for (const block of filing.blocksOf.get(id) ?? []) {
      for (const other of filing.blocks.get(block)?.after ?? []) offer(id, other);
    }
  }
  for (const { before, after } of filing.blocks.values()) {
    if (before !== null || after === null) continue;
    for (const [at, a] of after.entries()) for (const b of after.slice(at + 1)) offer(a, b);
  }
  return candidates;
}

/** Stored pairs inside a code that has become too large, and of those that are compared again. */
async function readPairs(
  storage: Storage,
  crowded: readonly (readonly string[])[],
  compared: readonly string[],
): Promise<ScoredPair[]> {
  if (crowded.length === 0 && compared.length === 0) return [];
  const these = "(select value from json_each(?1))";
  const results = await storage.read([
    { sql: `select a, b, weight from pair where a in ${these}`, args: [JSON.stringify(compared)] },
    { sql: `select a, b, weight from pair where b in ${these}`, args: [JSON.stringify(compared)] },
    ...crowded.map((members) => ({
      sql: `select a, b, weight from pair where a in ${these} and b in ${these}`,
      args: [JSON.stringify(members)],
    })),
  ]);
  const pairs = results.flat().map((row) => pairOf(row));
  return [...new Map(pairs.map((each) => [nameOf([each.a, each.b]), each])).values()];
}

export const pairOf = (row: Row): ScoredPair => ({
  a: textOf(row, "a"),
  b: textOf(row, "b"),
  weight: numberOf(row, "weight"),
});

async function prepareAll(
  storage: Storage,
  { added, compared, removed }: UnitChanges,
  ids: ReadonlySet<string>,
  context: MatchingContext,
): Promise<Map<string, Prepared>> {
  const prepared = new Map<string, Prepared>();
  for (const unit of [...added, ...compared]) prepared.set(unit.id, context.prepared(unit));
  const gone = new Set(removed.map(({ id }) => id));
  const unknown: string[] = [];
  for (const id of ids) {
    if (prepared.has(id) || gone.has(id)) continue;
    const known = context.remembered(id);
    if (known) prepared.set(id, known);
    else unknown.push(id);
  }
  if (unknown.length === 0) return prepared;
  const [rows = []] = await storage.read([
    {
      sql: "select id, own_key, features from unit where id in (select value from json_each(?))",
      args: [JSON.stringify(unknown)],
    },
  ]);
  for (const row of rows) {
    const id = textOf(row, "id");
    prepared.set(id, context.prepared({ id, features: unpackFeatures(unitText(row, "features")) }));
  }
  return prepared;
}

interface Known {
  readonly changes: UnitChanges;
  readonly filing: Filing;
  readonly context: MatchingContext;
  readonly prepared: ReadonlyMap<string, Prepared>;
}

/** Of these pairs, those that no code of a bearable size holds together any more. */
async function withoutSupport(
  storage: Storage,
  pairs: readonly ScoredPair[],
  { changes, filing, context, prepared }: Known,
): Promise<ScoredPair[]> {
  if (pairs.length === 0) return [];
  const ids = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
  const keys = await readKeys(storage, ids);
  const blocks = new Map(
    ids.map((id) => {
      const features = prepared.get(id)?.features;
      const own = features
        ? blockNumbersOf({ id, features, keyList: keys.get(id) ?? [] }, context)
        : [];
      return [id, new Set(own.map((each) => `${each}`))];
    }),
  );
  const shared = new Set(pairs.flatMap(({ a, b }) => common(blocks.get(a), blocks.get(b))));
  const unread = [...shared].filter((block) => !filing.blocks.has(block));
  // Those that this change touches were read with it; all others have as many members as are stored.
  const [, crowded = []] = await storage.read(
    memberQueries(BLOCKS, unread.map(Number), BLOCK_RECORDS),
  );
  const isCrowded = new Set(crowded.map((row) => textOf(row, "code")));
  const supports = (block: string): boolean => {
    const members = filing.blocks.get(block);
    return members ? members.after !== null : !isCrowded.has(block);
  };
  const gone = new Set(changes.removed.map(({ id }) => id));
  return pairs
    .filter(({ a, b }) => !gone.has(a) && !gone.has(b))
    .filter(({ a, b }) => !common(blocks.get(a), blocks.get(b)).some(supports))
    .toSorted((x, y) => byText(x.a, y.a) || byText(x.b, y.b));
}

const common = (one: ReadonlySet<string> = new Set(), two: ReadonlySet<string> = new Set()) =>
  [...one].filter((block) => two.has(block));

async function readKeys(storage: Storage, ids: readonly string[]): Promise<Map<string, string[]>> {
  const [rows = []] = await storage.read([
    {
      sql: "select id, own_key, keys from unit where id in (select value from json_each(?))",
      args: [JSON.stringify(ids)],
    },
  ]);
  return new Map(
    rows.map((row) => [
      textOf(row, "id"),
      Object.keys(keysSchema.parse(JSON.parse(unitText(row, "keys")))),
    ]),
  );
}

const keysSchema = z.record(z.string(), z.string());
