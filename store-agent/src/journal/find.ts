/** What a capture has to know of the rows before it, in the database and in the archive. */
import type { Voidable } from "@regulars/shared/capture/draft";
import { eventSchema, moneyOf, receiptOf, type RegularsEvent } from "@regulars/shared/events/event";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ArchiveReader } from "../archive/archive.ts";

/** The database is asked first: a row that leaves it is in the archive by then. */
export interface JournalDeps {
  readonly storage: Storage;
  readonly archive: ArchiveReader;
}

export interface FoundRow {
  readonly event: RegularsEvent;
  readonly hash: string;
}

/** Captures that are journalled already, by idempotency key, however long ago (CAP7). */
export async function findRepeated(
  { storage, archive }: JournalDeps,
  idempotencyKeys: readonly string[],
): Promise<Map<string, FoundRow>> {
  if (idempotencyKeys.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    `select idempotency_key, hash, body from journal
     where idempotency_key in (select value from json_each(?))`,
    [JSON.stringify(idempotencyKeys)],
  );
  const found = new Map(
    rows.map((row): [string, FoundRow] => [
      textOf(row, "idempotency_key"),
      { event: eventSchema.parse(JSON.parse(textOf(row, "body"))), hash: textOf(row, "hash") },
    ]),
  );
  for (const key of idempotencyKeys) {
    if (found.has(key)) continue;
    const archived = await findArchived(archive, "key", key);
    if (archived) found.set(key, archived);
  }
  return found;
}

interface Receipt extends FoundRow {
  readonly epoch: number;
  readonly seq: number;
}

/** The newest receipt with this number, the agent's or the POS's own; null when this journal has none. */
export async function findReceipt(journal: JournalDeps, number: string): Promise<Voidable | null> {
  const { storage, archive } = journal;
  const [row] = await rowsOf(
    storage,
    `select epoch, seq, hash, body from journal
     where (receipt = ?1 or external_id = ?1) and kind in ('sale', 'return', 'adjustment')
     order by epoch desc, seq desc limit 1`,
    [number],
  );
  const stored: Receipt | null = row
    ? {
        epoch: numberOf(row, "epoch"),
        seq: numberOf(row, "seq"),
        hash: textOf(row, "hash"),
        event: eventSchema.parse(JSON.parse(textOf(row, "body"))),
      }
    : null;
  const archived = await findArchived(archive, "number", number);
  const newest = isNewer(archived, stored) ? archived : stored;
  if (!newest) return null;
  const receipt = receiptOf(newest.event);
  const money = moneyOf(newest.event);
  if (receipt === null || !money) throw new Error("a receipt row holds no receipt");
  const { subject, body } = newest.event;
  const tenders = "tenders" in body && body.tenders ? { tenders: body.tenders } : {};
  return { receipt, ...money, ...tenders, subject, voided: await isVoided(journal, receipt) };
}

function isNewer(one: Receipt | null, other: Receipt | null): boolean {
  if (!one || !other) return one !== null;
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.seq > other.seq);
}

async function isVoided({ storage, archive }: JournalDeps, receipt: string): Promise<boolean> {
  const [row] = await rowsOf(storage, "select 1 as found from journal where voids = ? limit 1", [
    receipt,
  ]);
  return row !== undefined || (await archive.find("voids", receipt)).length > 0;
}

const RECEIPTS = ["sale", "return", "adjustment"];

/** A row that is damaged is nobody's any more: it may not stop a sale. */
async function findArchived(
  archive: ArchiveReader,
  kind: "key" | "number",
  value: string,
): Promise<Receipt | null> {
  for (const row of await archive.find(kind, value)) {
    if (kind === "number" && !RECEIPTS.includes(row.kind)) continue;
    const event = eventIn(row.body);
    if (event) return { epoch: row.epoch, seq: row.seq, hash: row.hash, event };
  }
  return null;
}

function eventIn(body: string): RegularsEvent | null {
  try {
    return eventSchema.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    return null; // bytes that are no JSON any more
  }
}
