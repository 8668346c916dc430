/** What one page of counting comes to: sums, marks and what is remembered, in one write. */
import type { Statement } from "@regulars/shared/storage/port";
import type { Delta } from "./contribution.ts";

interface Pending {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly day: string;
  readonly channel: string;
  readonly kind: string | null;
}

export type Page = ReturnType<typeof createPage>;

/** What one page comes to, in one write. */
export function createPage() {
  const sums = new Map<string, { day: string; delta: Delta; count: number; of: number }>();
  const marks = new Map<string, readonly [string, number, number]>();
  const remembered: Pending[] = [];
  const forgotten: (readonly [string, number, number])[] = [];
  return {
    add(day: string, deltas: readonly Delta[]): void {
      for (const delta of deltas) {
        const name = `${day} ${delta.measure} ${delta.part}`;
        const sum = sums.get(name) ?? { day, delta, count: 0, of: 0 };
        sum.count += delta.count;
        sum.of += delta.of;
        sums.set(name, sum);
      }
    },
    mark: (source: string, epoch: number, seq: number) =>
      void marks.set(`${source}/${epoch}`, [source, epoch, seq]),
    remember: (pending: Pending) => void remembered.push(pending),
    forget: (source: string, epoch: number, seq: number) =>
      void forgotten.push([source, epoch, seq]),
    statements(): Statement[] {
      const rows = [...sums.values()].map(({ day, delta, count, of }) => [day, delta.measure, delta.part, count, of]); // prettier-ignore
      return [
        ...(rows.length === 0 ? [] : [addStatement(rows)]),
        ...(marks.size === 0 ? [] : [markStatement([...marks.values()])]),
        ...(remembered.length === 0 ? [] : [rememberStatement(remembered)]),
        ...(forgotten.length === 0 ? [] : [forgetStatement(forgotten)]),
      ];
    },
  };
}

const addStatement = (rows: readonly (string | number)[][]): Statement => ({
  sql: `insert into quality_day (day, measure, part, count, of)
        select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 from json_each(?) where true
        on conflict (measure, part, day) do update set count = count + excluded.count, of = of + excluded.of`,
  args: [JSON.stringify(rows)],
});

const markStatement = (rows: readonly (readonly [string, number, number])[]): Statement => ({
  sql: `insert into quality_mark (source, epoch, seq)
        select value ->> 0, value ->> 1, value ->> 2 from json_each(?) where true
        on conflict (source, epoch) do update set seq = excluded.seq`,
  args: [JSON.stringify(rows)],
});

const rememberStatement = (rows: readonly Pending[]): Statement => ({
  sql: `insert or replace into quality_pending (source, epoch, seq, day, channel, kind)
        select value ->> 'source', value ->> 'epoch', value ->> 'seq', value ->> 'day',
          value ->> 'channel', value ->> 'kind' from json_each(?)`,
  args: [JSON.stringify(rows)],
});

const forgetStatement = (rows: readonly (readonly [string, number, number])[]): Statement => ({
  sql: `delete from quality_pending where (source, epoch, seq) in
          (select value ->> 0, value ->> 1, value ->> 2 from json_each(?))`,
  args: [JSON.stringify(rows)],
});
