/** Where changed units are filed: the codes and keys of each, and who else is there. */
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Storage, textOf } from "@regulars/shared/storage/port";
import { BLOCK_RECORDS } from "../matching/filed.ts";
import type { MatchingContext } from "./matching-context.ts";
import { BLOCKS, type Changes, KEYS, memberQueries, type Members, membersOf } from "./members.ts";
import { blockNumbersOf } from "./unit.ts";
import type { UnitChanges, UnitState } from "./unit-changes.ts";

export interface Filing {
  readonly blocksOf: ReadonlyMap<string, readonly string[]>;
  readonly blocks: ReadonlyMap<string, Members>;
  readonly keys: ReadonlyMap<IdentityKey, KeyFiling>;
}

export interface KeyFiling extends Members {
  /** Whether the key ties those who name it into one component. */
  readonly tiedBefore: boolean;
  readonly ties: boolean;
}

export async function readFiling(
  storage: Storage,
  changes: UnitChanges,
  context: MatchingContext,
): Promise<Filing> {
  const { added, removed, compared } = changes;
  const filed = [...added, ...removed, ...compared];
  const blocksOf = new Map(
    filed.map((unit) => [unit.id, blockNumbersOf(unit, context).map((each) => `${each}`)]),
  );
  const blocks = changesBy(changes, ({ id }) => blocksOf.get(id) ?? []);
  const named = changesBy(changes, ({ keyList }) => keyList);
  const revealed = changesBy(changes, ({ nobody }) => nobody);
  const numbers = [...new Set(filed.flatMap(({ id }) => blocksOf.get(id) ?? []))];
  // A key that somebody says is nobody's, or says so no more, is another key to all who name it.
  const keyList = [...new Set(filed.flatMap(({ keyList: own, nobody }) => [...own, ...nobody]))];
  const [listed = [], crowded = [], naming = [], tooMany = [], blocked = []] = await storage.read([
    ...memberQueries(BLOCKS, numbers.map(Number), BLOCK_RECORDS + removed.length),
    ...memberQueries(KEYS, keyList, LIMITS.keyUnits + removed.length),
    {
      sql: `select key, unit from blocked_key where key in (select value from json_each(?))`,
      args: [JSON.stringify(keyList)],
    },
  ]);
  const revealing = Map.groupBy(blocked, (row) => textOf(row, "key"));
  const members = membersOf([naming, tooMany], keyList, named, (key) => context.mostUnits(key));
  const keys = new Map(
    keyList.map((key): [IdentityKey, KeyFiling] => {
      const { before, after } = members.get(key) ?? { before: [], after: [] };
      const was = (revealing.get(key) ?? []).map((row) => textOf(row, "unit"));
      const gone = new Set(revealed.removed.get(key));
      const is = [...was.filter((id) => !gone.has(id)), ...(revealed.added.get(key) ?? [])];
      const isStrong = context.isStrong(key);
      return [
        key,
        {
          before,
          after,
          tiedBefore: isStrong && before !== null && was.length === 0,
          ties: isStrong && after !== null && is.length === 0,
        },
      ];
    }),
  );
  return {
    blocksOf,
    blocks: membersOf([listed, crowded], numbers, blocks, () => BLOCK_RECORDS),
    keys,
  };
}

/** Units that come under each code, and go from it. */
function changesBy(
  { added, removed }: UnitChanges,
  codesOf: (unit: UnitState) => readonly string[],
): Changes {
  const by = (units: readonly UnitState[]): Map<string, string[]> => {
    const found = new Map<string, string[]>();
    for (const unit of units) {
      for (const code of codesOf(unit)) found.set(code, [...(found.get(code) ?? []), unit.id]);
    }
    return found;
  };
  return { added: by(added), removed: by(removed) };
}
