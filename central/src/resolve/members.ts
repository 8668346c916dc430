/**
 * Who else is filed under a code, or names a key, before and after a change. Of a code with too many members only that is
 * known: what it would say of them says too little.
 */
import { type Row, type Statement, textOf } from "@regulars/shared/storage/port";

export interface Members {
  /** Null when there are too many. */
  readonly before: readonly string[] | null;
  readonly after: readonly string[] | null;
}

export interface Changes {
  readonly added: ReadonlyMap<string, readonly string[]>;
  readonly removed: ReadonlyMap<string, readonly string[]>;
}

type Table = { readonly table: "unit_block"; readonly column: "block" } | { readonly table: "unit_key"; readonly column: "key" }; // prettier-ignore
export const BLOCKS: Table = { table: "unit_block", column: "block" };
export const KEYS: Table = { table: "unit_key", column: "key" };

/** Two queries: the members of codes with no more than `most`, and the codes with more. */
export function memberQueries(
  { table, column }: Table,
  codes: readonly (string | number)[],
  most: number,
): Statement[] {
  const args = [JSON.stringify(codes), most];
  const isMore = `(select 1 from ${table} where ${column} = k.value limit 1 offset ?2)`;
  return [
    {
      sql: `select cast(k.value as text) as code, u.id as unit from json_each(?1) k
            cross join ${table} m on m.${column} = k.value cross join unit u on u.n = m.unit
            where ${isMore} is null`,
      args,
    },
    { sql: `select cast(k.value as text) as code from json_each(?1) k where ${isMore} = 1`, args },
  ];
}

/** `mostOf` a code is the limit that counts; what was read allowed for the removed ones besides. */
export function membersOf(
  [listed = [], crowded = []]: readonly (readonly Row[])[],
  codes: readonly string[],
  { added, removed }: Changes,
  mostOf: (code: string) => number,
): Map<string, Members> {
  const lists = Map.groupBy(listed, (row) => textOf(row, "code"));
  const isCrowded = new Set(crowded.map((row) => textOf(row, "code")));
  const within = (code: string, units: readonly string[]): readonly string[] | null =>
    units.length > mostOf(code) ? null : units;
  return new Map(
    codes.map((code) => {
      if (isCrowded.has(code)) return [code, { before: null, after: null }];
      const before = (lists.get(code) ?? []).map((row) => textOf(row, "unit"));
      const gone = new Set(removed.get(code));
      const after = new Set([...before.filter((id) => !gone.has(id)), ...(added.get(code) ?? [])]);
      return [code, { before: within(code, before), after: within(code, [...after]) }];
    }),
  );
}
