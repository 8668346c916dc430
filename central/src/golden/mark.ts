/** The golden mark: the last rung of the ack ladder, kept by the database in the write of what moves it (SYN2). */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import { markGolden, markPointsPaid } from "../reconcile/dirty.ts";

export interface Writer {
  readonly source: string;
  readonly epoch: number;
}

const THESE_WRITERS = "(source, epoch) in (select value ->> 0, value ->> 1 from json_each(?))";

/** Tells the edge the marks of these writers once more. */
export function remindStatement(writers: readonly Writer[]): Statement {
  return publishMarks("true", argsOf(writers));
}

const argsOf = (writers: readonly Writer[]): string[] => [
  JSON.stringify(writers.map(({ source, epoch }) => [source, epoch])),
];

const publishMarks = (which: string, args: string[]): Statement => ({
  sql: `insert or replace into publication (target, payload)
        select 'mark/' || source || '/' || epoch, json_object('kind', 'mark', 'store', store,
          'source', source, 'epoch', epoch, 'golden', golden)
        from writer where ${which} and ${THESE_WRITERS}`,
  args,
});

/**
 * Moves the marks of these writers over every event that no fragment is missing for, and puts those that moved into
 * the outbox. Nothing waits for what is in quarantine, also when its key is known by now (SYN6). Scans from the old mark to
 * the first event that still waits, so each event is passed once.
 */
export function markStatements(writers: readonly Writer[], nowMs: number): Statement[] {
  const args = argsOf(writers);
  return [
    {
      sql: `update writer set golden = coalesce(
              (select e.seq - 1 from event e
               left join source_record r on r.id = e.source || '/' || e.epoch || '/' || e.key
               where e.source = writer.source and e.epoch = writer.epoch and e.seq > writer.golden
                 and e.key is not null and e.quarantined is null and (r.seq is null or r.seq < e.seq)
               order by e.seq limit 1),
              journaled)
            where ${THESE_WRITERS}`,
      args,
    },
    markGolden(writers, nowMs + LIMITS.checkGapMs),
    markPointsPaid(writers, nowMs + LIMITS.checkGapMs),
    publishMarks("golden > published", args),
    {
      sql: `update writer set published = golden where golden > published and ${THESE_WRITERS}`,
      args,
    },
  ];
}
