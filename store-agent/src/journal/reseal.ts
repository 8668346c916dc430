/**
 * Sealing anew: rows whose numbers another machine's rows have taken become rows of an epoch of their own, with the same
 * receipt, the same time and the same idempotency key (SYN3).
 *
 * Under their old key they took effect nowhere, for the edge refused them; so each takes effect once, under the new one.
 * The new key and the new bytes derive from the old row alone: a copy of this disk, or a backup of it, that seals the
 * same rows anew makes the same rows, which the edge then knows.
 */
import type { WriterState } from "@regulars/shared/capture/seal";
import {
  CLOCK_START,
  type ClockState,
  clockOfStamp,
  isLater,
  stampOf,
  tick,
} from "@regulars/shared/clock";
import { chainHash } from "@regulars/shared/events/chain";
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { resealedEpochOf, writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";
import {
  createOwnFragments,
  DamagedFragment,
  type OwnFragments,
} from "../fragments/own-fragments.ts";
import { type Closed, closeStatement, freeEpoch, openStatement } from "./roll.ts";
import { loadEpoch, loadWriter, writerStatement } from "./writer.ts";

export interface Reseal {
  readonly source: string;
  readonly store: string;
  /** `fenced`: the epoch is another store's; what is sealed anew is this one's. */
  readonly reason: Extract<Closed, "fork" | "damaged" | "fenced">;
  readonly epoch: number;
  /** The first row that is not to be sent under its number. */
  readonly from: number;
  readonly nextEpoch?: number | undefined;
}

/**
 * Cuts the epoch off before `from`; what was there is sealed anew by `resealSome`. Captures go on in an epoch of their
 * own. Never at or before a golden row: that one has taken effect under its number, whatever has become of it here or at
 * the edge since (SYN3). Nothing to do when the epoch ends before that row.
 */
export async function cutStatements(storage: Storage, reseal: Reseal): Promise<Statement[]> {
  const { source, store, epoch, reason } = reseal;
  const [row] = await rowsOf(
    storage,
    `select w.seq, w.store, w.golden, j.prev, j.hash from writer w
     left join journal j on j.epoch = w.epoch and j.seq = max(?, w.golden + 1)
     where w.epoch = ?`,
    [reseal.from, epoch],
  );
  // An answer about rows that have been cut off meanwhile says nothing of those that are left.
  if (!row || numberOf(row, "seq") < reseal.from) return [];
  const from = Math.max(reseal.from, numberOf(row, "golden") + 1);
  const current = await loadWriter(storage);
  if (numberOf(row, "seq") < from) {
    // All of it is golden: there is nothing to number anew, and no way on in it.
    const rolled = current.epoch === epoch ? await rollFrom(storage, reseal, current) : [];
    return [...rolled, giveUpStatement(epoch)];
  }
  const target = await targetEpoch(storage, resealedEpochOf(source, textOf(row, "hash")));
  const receipts = current.receipts;
  return [
    {
      sql: "insert into reseal (epoch, first_seq, last_seq, target) values (?, ?, ?, ?)",
      args: [epoch, from, numberOf(row, "seq"), target],
    },
    openStatement(
      { source, store: reason === "fenced" ? store : textOf(row, "store"), reason: "clock" },
      target,
      { receipts, clock: CLOCK_START },
    ),
    { sql: "update writer set closed = 'resealed' where epoch = ?", args: [target] },
    ...(current.epoch === epoch ? await rollFrom(storage, reseal, current) : []),
    {
      sql: `update writer set seq = ?1, hash = ?2, accepted = min(accepted, ?1),
              merged = min(merged, ?1) where epoch = ?3`,
      args: [from - 1, textOf(row, "prev"), epoch],
    },
    ...(reseal.from < from ? [giveUpStatement(epoch)] : []),
  ];
}

/** What is left of the epoch is golden and cannot be sent again: it was accepted once, and is not asked for any more. */
const giveUpStatement = (epoch: number): Statement => ({
  sql: "update writer set accepted = seq where epoch = ?",
  args: [epoch],
});

async function rollFrom(
  storage: Storage,
  { source, store, reason, nextEpoch }: Reseal,
  current: WriterState,
): Promise<Statement[]> {
  const next = await freeEpoch(storage, nextEpoch);
  return [closeStatement(current, reason), openStatement({ source, store, reason }, next, current)];
}

/** The next one when it is taken here: by another cut at a row that looked the same, one in 10¹² by chance. */
async function targetEpoch(storage: Storage, derived: number): Promise<number> {
  const [row] = await rowsOf(
    storage,
    "select count(*) as taken from writer where epoch between ?1 and ?1 + 100",
    [derived],
  );
  return derived + (row ? numberOf(row, "taken") : 0);
}

/** Seals the next rows anew, in one write with their going from where they were; false when none are left. */
export async function resealSome(
  storage: Storage,
  source: string,
  nowMs: number,
): Promise<boolean> {
  const [range] = await rowsOf(
    storage,
    "select epoch, first_seq, last_seq, target from reseal order by target, first_seq limit 1",
  );
  if (!range) return false;
  const [epoch, target] = [numberOf(range, "epoch"), numberOf(range, "target")];
  const rows = await rowsOf(
    storage,
    `select seq, kind, subject, prev, hash, body from journal
     where epoch = ? and seq between ? and ? order by seq limit ?`,
    [epoch, numberOf(range, "first_seq"), numberOf(range, "last_seq"), LIMITS.resealRows],
  );
  if (rows.length === 0) {
    await storage.write([
      {
        sql: "delete from reseal where epoch = ? and first_seq = ?",
        args: [epoch, numberOf(range, "first_seq")],
      },
    ]);
    return true;
  }
  const fragments = createOwnFragments(storage, { source, epoch: target }, Infinity);
  const events = rows.map((row) => eventOf(row));
  try {
    await fragments.load(events.flatMap((event) => event?.subject.slice(0, 1) ?? []));
  } catch (error) {
    if (!(error instanceof DamagedFragment)) throw error;
    await storage.write(await turnAside(storage, source, target));
    return true;
  }
  let writer = await loadEpoch(storage, target);
  const statements: Statement[] = [];
  for (const [at, row] of rows.entries()) {
    const seq = numberOf(row, "seq");
    if (!isWhole(row, rows[at - 1])) {
      statements.push(...deadStatements(row, epoch, nowMs));
      continue;
    }
    const moved = moveRow(row, { source, epoch, writer }, events[at] ?? null, fragments);
    writer = moved.writer;
    statements.push(...moved.statements, {
      sql: "delete from outbox where epoch = ? and seq = ?",
      args: [epoch, seq],
    });
  }
  await storage.write([
    ...statements,
    ...forgetFragments(epoch, rows),
    ...fragments.statements(),
    writerStatement(writer),
  ]);
  return true;
}

/** The rest of what was to go into that epoch goes into the next one: there a fragment of it is damaged (SYN5). */
async function turnAside(storage: Storage, source: string, target: number): Promise<Statement[]> {
  const [writer] = await rowsOf(storage, "select store, receipts from writer where epoch = ?", [
    target,
  ]);
  if (!writer) throw new Error("the epoch is not there");
  const other = await targetEpoch(storage, target);
  const receipts = numberOf(writer, "receipts");
  return [
    openStatement({ source, store: textOf(writer, "store"), reason: "clock" }, other, {
      receipts,
      clock: CLOCK_START,
    }),
    { sql: "update writer set closed = 'resealed' where epoch = ?", args: [other] },
    { sql: "update reseal set target = ? where target = ?", args: [other, target] },
  ];
}

/** The row before vouches for a link that is damaged itself. */
function isWhole(row: Row, before: Row | undefined): boolean {
  const links = [textOf(row, "prev"), ...(before ? [textOf(before, "hash")] : [])];
  return links.some((link) => chainHash(link, textOf(row, "body")) === textOf(row, "hash"));
}

const plainSchema = z.looseObject({
  epoch: z.int(),
  seq: z.int(),
  stamp: z.string(),
  resealed: z.object({ epoch: z.int(), seq: z.int() }).optional(),
});

function moveRow(
  row: Row,
  from: { readonly source: string; readonly epoch: number; readonly writer: WriterState },
  event: RegularsEvent | null,
  fragments: OwnFragments,
): { readonly writer: WriterState; readonly statements: Statement[] } {
  const { source, epoch, writer } = from;
  const old = plainSchema.parse(JSON.parse(textOf(row, "body")));
  const seq = writer.seq + 1;
  const clock = later(writer.clock, clockOfStamp(old.stamp));
  const anew = {
    epoch: writer.epoch,
    seq,
    // Said when it was said: a word that has waited does not become the newest by it.
    stamp: stampOf(clock, writerOf(source, writer.epoch)),
    resealed: old.resealed ?? { epoch: old.epoch, seq: old.seq },
  };
  // Over the plain object: a field that this build does not know stays (SYN9).
  const body = JSON.stringify({ ...old, ...anew });
  const hash = chainHash(writer.hash, body);
  const update = event && fragments.record({ ...event, ...anew });
  return {
    writer: { ...writer, seq, hash, clock },
    statements: [
      {
        sql: `update journal set epoch = ?, seq = ?, prev = ?, hash = ?, body = ?
              where epoch = ? and seq = ?`,
        args: [writer.epoch, seq, writer.hash, hash, body, epoch, numberOf(row, "seq")],
      },
      ...(update
        ? [
            {
              sql: "insert into outbox (epoch, seq, updates) values (?, ?, ?)",
              args: [writer.epoch, seq, JSON.stringify([update])],
            },
          ]
        : []),
    ],
  };
}

function later(before: ClockState, said: ClockState): ClockState {
  return isLater(said, before) ? said : tick(before, before.ms);
}

/** Null for a row that only newer builds can read: it is carried on without a fragment, as the edge would. */
function eventOf(row: Row): RegularsEvent | null {
  try {
    const parsed = eventSchema.safeParse(JSON.parse(textOf(row, "body")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null; // damaged bytes; its hash says so as well
  }
}

/** Damaged on this disk: its number is given up, what is left of it is kept (SYN6). */
function deadStatements(row: Row, epoch: number, nowMs: number): Statement[] {
  const seq = numberOf(row, "seq");
  return [
    {
      sql: `insert into quarantine (epoch, seq, code, ms, body) values (?, ?, 'damaged_row', ?, ?)
            on conflict do nothing`,
      args: [epoch, seq, nowMs, textOf(row, "body")],
    },
    { sql: "delete from journal where epoch = ? and seq = ?", args: [epoch, seq] },
    { sql: "delete from outbox where epoch = ? and seq = ?", args: [epoch, seq] },
  ];
}

/** Fragments that had recorded the rows under their old numbers: the edge has them without, and shows them so. */
function forgetFragments(epoch: number, rows: readonly Row[]): Statement[] {
  const keys = rows.flatMap((row) => (row["subject"] === null ? [] : [textOf(row, "subject")]));
  if (keys.length === 0) return [];
  return [
    {
      sql: "delete from fragment where epoch = ? and key in (select value from json_each(?))",
      args: [epoch, JSON.stringify([...new Set(keys)])],
    },
  ];
}
