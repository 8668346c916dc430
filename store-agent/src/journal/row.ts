/** A sealed row as the till's database keeps it. */
import type { JournalRow } from "@regulars/shared/capture/seal";
import { moneyOf, receiptOf } from "@regulars/shared/events/event";
import type { Statement } from "@regulars/shared/storage/port";

export function journalStatement(
  row: JournalRow,
  captured: {
    readonly ms: number;
    readonly online: boolean;
    readonly idempotencyKey: string | undefined;
  },
): Statement {
  const { event } = row;
  const money = moneyOf(event);
  return {
    sql: `insert into journal (epoch, seq, kind, subject, receipt, external_id, voids, currency,
            total_minor, idempotency_key, captured_ms, online, prev, hash, body)
          values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      event.epoch,
      event.seq,
      event.kind,
      event.subject[0] ?? null,
      receiptOf(event),
      "externalId" in event.body ? (event.body.externalId ?? null) : null,
      event.kind === "void" ? event.body.voids : null,
      money?.currency ?? null,
      money?.totalMinor ?? null,
      captured.idempotencyKey ?? null,
      captured.ms,
      captured.online ? 1 : 0,
      row.prev,
      row.hash,
      row.body,
    ],
  };
}
