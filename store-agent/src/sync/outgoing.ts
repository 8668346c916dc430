/** The next journal rows to push, with the fragment updates that were committed with them, up to a number of bytes. */
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  type FragmentUpdate,
  fragmentUpdateSchema,
  type Item,
} from "@regulars/shared/protocol/item";
import { numberOf, type Row, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { STATE_COLUMNS, stateOf } from "../fragments/stored-fragment.ts";
import type { JournalDeps } from "../journal/find.ts";
import { ARCHIVED_TO } from "../journal/read-row.ts";
import type { Ladder } from "./marks.ts";

const updatesSchema = z.array(fragmentUpdateSchema);

/** A row with what goes along; `updates` null for one that has left the outbox. */
interface Outgoing {
  readonly seq: number;
  readonly prev: string;
  readonly hash: string;
  readonly body: string;
  readonly subject: string | null;
  readonly updates: string | null;
}

/**
 * At least one item, if any is waiting: one that is larger than the budget goes alone. None is there only when the next
 * row is archived and cannot be read.
 */
export async function readOutgoing(
  journal: JournalDeps,
  { epoch, seq, marks }: Pick<Ladder, "epoch" | "seq" | "marks">,
  bytesMax: number,
): Promise<Item[]> {
  const { storage } = journal;
  const after = marks.accepted;
  if (after >= seq) return [];
  const rows = await readRows(journal, { epoch, after, seq }, bytesMax);
  const whole = await wholeFragments(storage, epoch, rows);
  const items: Item[] = [];
  let bytes = 0;
  for (const row of rows) {
    const item = itemOf(row, whole);
    bytes += new TextEncoder().encode(JSON.stringify(item)).length;
    if (bytes > bytesMax && items.length > 0) break;
    items.push(item);
  }
  return items;
}

interface Stretch {
  readonly epoch: number;
  readonly after: number;
  readonly seq: number;
}

/** Bounds what is read; what is sent is bounded again by its size on the wire, which quoting makes larger. */
async function readRows(
  { storage, archive }: JournalDeps,
  { epoch, after, seq }: Stretch,
  bytesMax: number,
): Promise<Outgoing[]> {
  const [standing = [], sizes = []] = await storage.read([
    { sql: `select ${ARCHIVED_TO} as archived`, args: [epoch] },
    {
      sql: `select j.seq, octet_length(j.body) + coalesce(octet_length(o.updates), 0) as bytes
            from journal j left join outbox o on o.epoch = j.epoch and o.seq = j.seq
            where j.epoch = ? and j.seq > ? order by j.seq limit ?`,
      args: [epoch, after, LIMITS.pushItems],
    },
  ]);
  const archivedTo = standing[0] ? numberOf(standing[0], "archived") : 0;
  if (after < archivedTo) {
    const last = Math.min(archivedTo, after + LIMITS.pushItems);
    const rows = await archive.rows(epoch, after + 1, last);
    return rows
      .filter((row, at) => row.seq === after + 1 + at)
      .map((row) => ({ ...row, updates: null }));
  }
  // Rows after the epoch's last one, where there are any, wait to be sealed anew.
  const last = Math.min(seq, lastWithin(sizes, after, bytesMax));
  const rows = await rowsOf(
    storage,
    `select j.seq, j.prev, j.hash, j.body, j.subject, o.updates
     from journal j left join outbox o on o.epoch = j.epoch and o.seq = j.seq
     where j.epoch = ? and j.seq > ? and j.seq <= ? order by j.seq`,
    [epoch, after, last],
  );
  return rows.map((row) => ({
    seq: numberOf(row, "seq"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
    subject: row["subject"] === null ? null : textOf(row, "subject"),
    updates: row["updates"] === null ? null : textOf(row, "updates"),
  }));
}

function lastWithin(sizes: readonly Row[], after: number, bytesMax: number): number {
  let last = after + 1;
  let bytes = 0;
  for (const row of sizes) {
    bytes += numberOf(row, "bytes");
    if (bytes > bytesMax) break;
    last = numberOf(row, "seq");
  }
  return last;
}

/**
 * Rows that were golden have left the outbox. When an edge that lost its disk asks for them again, their fragments
 * go along whole, once each: an update like any other, that brings the document to where it is today.
 */
async function wholeFragments(
  storage: Storage,
  epoch: number,
  rows: readonly Outgoing[],
): Promise<Map<IdentityKey, FragmentUpdate>> {
  const keys = rows.flatMap((row) => (isBare(row) ? row.subject : []));
  const fragments = await readFragments(storage, epoch, keys);
  return new Map(fragments.map((fragment) => [fragment.key, fragment]));
}

/** Whole documents, as far as they are here. */
export async function readFragments(
  storage: Storage,
  epoch: number,
  keys: readonly IdentityKey[],
): Promise<FragmentUpdate[]> {
  if (keys.length === 0) return [];
  const rows = await rowsOf(
    storage,
    `select key, ${STATE_COLUMNS} from fragment
     where epoch = ? and key in (select value from json_each(?))`,
    [epoch, JSON.stringify([...new Set(keys)])],
  );
  return rows.flatMap((row) => {
    const state = stateOf(row);
    if (!state) return [];
    return [{ key: textOf(row, "key"), update: bytesToBase64(state), sha256: sha256Hex(state) }];
  });
}

const isBare = (row: Outgoing): row is Outgoing & { readonly subject: string } =>
  row.updates === null && row.subject !== null;

function itemOf(row: Outgoing, whole: Map<IdentityKey, FragmentUpdate>): Item {
  let updates: FragmentUpdate[] = [];
  if (isBare(row)) {
    const fragment = whole.get(row.subject);
    whole.delete(row.subject);
    if (fragment) updates = [fragment];
  } else if (row.updates !== null) {
    updates = updatesSchema.parse(JSON.parse(row.updates));
  }
  const { seq, prev, hash, body } = row;
  return { seq, prev, hash, body, updates };
}
