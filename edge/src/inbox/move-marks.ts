/** What moves a mark over rows that are accepted: what was merged, what the centre has, and what it says is golden. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { itemIdOf } from "./item-id.ts";
import type { Mark, Marks, Move } from "./marks.ts";

export interface GoldenMark {
  readonly source: string;
  readonly epoch: number;
  readonly golden: number;
}

/**
 * The centre says how far the writers' events are golden. That counts for rows that it has compared with its own, which are
 * those that are delivered: an inbox that lost its disk may have another machine's under the same numbers. Less than it said
 * before is said by a centre that has come back from a backup: what follows is merged again, so that its fragments are
 * delivered again. It is news where a till that pulls hears of it; of closed epochs it hears with the answers to its pushes.
 */
export async function setGolden(
  marks: Marks,
  said: readonly GoldenMark[],
): Promise<{ readonly isNews: boolean; readonly isBehind: boolean }> {
  const found: Mark[] = [];
  for (const { source, epoch, golden: told } of said) {
    const mark = marks.of({ source, epoch });
    if (!mark) continue;
    const golden = Math.max(mark.golden, Math.min(told, mark.delivered));
    if (told < mark.told) {
      const merged = Math.min(mark.merged, Math.max(mark.letGo, told));
      await goBack(marks, mark, { told, golden, merged });
    } else if (told > mark.told || golden > mark.golden) marks.move(mark, { told, golden });
    found.push(marks.of(mark) ?? mark);
  }
  return {
    isNews: found.some(({ closed }) => !closed),
    isBehind: found.some(({ merged, accepted }) => merged < accepted),
  };
}

export interface Reached {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  /** The centre has less than it was sent: it is right. If not, another round may have come further meanwhile. */
  readonly isLess: boolean;
}

/**
 * Moves the mark over rows that the centre has, or back, as far as bodies are here. Where it had more before, it has come back
 * from a backup: what it lacks is delivered again, and merged again, so that its fragments are delivered, too.
 */
export async function setDelivered(
  marks: Marks,
  { seq, isLess, ...writer }: Reached,
): Promise<void> {
  const mark = marks.of(writer);
  if (!mark || mark.accepted < seq) return;
  const delivered = Math.max(isLess ? mark.letGo : mark.delivered, seq);
  const golden = Math.max(mark.golden, Math.min(mark.told, delivered));
  if (delivered >= mark.delivered) return marks.move(mark, { delivered, golden });
  const merged = Math.min(mark.merged, Math.max(mark.letGo, seq));
  await goBack(marks, mark, { delivered, golden, merged });
}

/** Nobody says it twice. */
const goBack = (marks: Marks, mark: Mark, to: Move): Promise<void> => marks.write(mark, to);

/**
 * Bodies that are golden and merged are no longer needed here some days later. But for what is quarantined: that is kept whole
 * until it is replayed, and the centre has heard so (SYN6).
 */
export async function letGo(storage: Storage, marks: Marks, nowMs: number): Promise<void> {
  const due = marks.all().filter((mark) => throughOf(mark) > mark.letGo);
  if (due.length === 0) return;
  const young = await rowsOf(
    storage,
    `select k.value ->> 0 as source, k.value ->> 1 as epoch, coalesce(
       (select i.seq - 1 from item i where i.id > k.value ->> 2 and i.id <= k.value ->> 3
          and i.accepted_ms > ?2 order by i.id limit 1), k.value ->> 4) as up_to
     from json_each(?1) k`,
    [
      JSON.stringify(
        due.map(({ source, epoch, n, letGo: gone, accepted }) => {
          return [source, epoch, itemIdOf(n, gone), itemIdOf(n, accepted), accepted];
        }),
      ),
      nowMs - LIMITS.goldenKeptMs,
    ],
  );
  for (const row of young) {
    const [source, epoch] = [textOf(row, "source"), numberOf(row, "epoch")];
    const mark = marks.of({ source, epoch });
    if (!mark) continue;
    const to = Math.min(throughOf(mark), numberOf(row, "up_to"));
    if (to <= mark.letGo) continue;
    const sql = `update item set body = null, updates = null
                 where id > ?3 and id <= ?4 and code is null
                   and not exists (select 1 from redelivery r
                     where r.source = ?1 and r.epoch = ?2 and r.seq = item.seq)`;
    const args = [source, epoch, itemIdOf(mark.n, mark.letGo), itemIdOf(mark.n, to)];
    await marks.write(mark, { letGo: to }, [{ sql, args }]);
  }
}

const throughOf = ({ golden, merged, delivered }: Mark): number =>
  Math.min(golden, merged, delivered);
