/** What a capture has to know of the rows before it. */
import { eventSchema, moneyOf, receiptOf, type RegularsEvent } from "@regulars/shared/events/event";
import type { IdentityKey } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface FoundRow {
  readonly event: RegularsEvent;
  readonly hash: string;
}

/** A receipt that a void may take back. */
export interface Voidable {
  readonly receipt: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly subject: readonly IdentityKey[];
  readonly voided: boolean;
}

/** Captures that are journalled already, by idempotency key. */
export async function findRepeated(
  storage: Storage,
  idempotencyKeys: readonly string[],
): Promise<Map<string, FoundRow>> {
  if (idempotencyKeys.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    `select idempotency_key, hash, body from journal
     where idempotency_key in (select value from json_each(?))`,
    [JSON.stringify(idempotencyKeys)],
  );
  return new Map(
    rows.map((row) => [
      textOf(row, "idempotency_key"),
      { event: eventSchema.parse(JSON.parse(textOf(row, "body"))), hash: textOf(row, "hash") },
    ]),
  );
}

/** The newest receipt with this number, the agent's or the POS's own; null when this journal has none. */
export async function findReceipt(storage: Storage, number: string): Promise<Voidable | null> {
  const [row] = await rowsOf(
    storage,
    `select body, exists (select 1 from journal v where v.voids = journal.receipt) as voided
     from journal
     where (receipt = ?1 or external_id = ?1) and kind in ('sale', 'return', 'adjustment')
     order by epoch desc, seq desc limit 1`,
    [number],
  );
  if (!row) return null;
  const event = eventSchema.parse(JSON.parse(textOf(row, "body")));
  const receipt = receiptOf(event);
  const money = moneyOf(event);
  if (receipt === null || !money) throw new Error("a receipt row holds no receipt");
  return { receipt, ...money, subject: event.subject, voided: numberOf(row, "voided") === 1 };
}
