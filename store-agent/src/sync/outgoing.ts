/** The next journal rows to push, with the fragment updates that were committed with them, up to a number of bytes. */
import { bytesToBase64, sha256Hex } from "@regulars/shared/digest";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  type FragmentUpdate,
  fragmentUpdateSchema,
  type Item,
} from "@regulars/shared/protocol/item";
import {
  bytesOf,
  numberOf,
  type Row,
  rowsOf,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";
import type { Ladder } from "./marks.ts";

const updatesSchema = z.array(fragmentUpdateSchema);

/** At least one item, if any is waiting: one that is larger than the budget goes alone. */
export async function readOutgoing(
  storage: Storage,
  { epoch, seq, marks }: Pick<Ladder, "epoch" | "seq" | "marks">,
  bytesMax: number,
): Promise<Item[]> {
  const after = marks.accepted;
  if (after >= seq) return [];
  // Rows after the epoch's last one, where there are any, wait to be sealed anew.
  const last = Math.min(seq, await lastWithin(storage, epoch, after, bytesMax));
  const rows = await rowsOf(
    storage,
    `select j.seq, j.prev, j.hash, j.body, j.subject, o.updates
     from journal j left join outbox o on o.epoch = j.epoch and o.seq = j.seq
     where j.epoch = ? and j.seq > ? and j.seq <= ? order by j.seq`,
    [epoch, after, last],
  );
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

/** Bounds what is read; what is sent is bounded again by its size on the wire, which quoting makes larger. */
async function lastWithin(
  storage: Storage,
  epoch: number,
  after: number,
  bytesMax: number,
): Promise<number> {
  const sizes = await rowsOf(
    storage,
    `select j.seq, octet_length(j.body) + coalesce(octet_length(o.updates), 0) as bytes
     from journal j left join outbox o on o.epoch = j.epoch and o.seq = j.seq
     where j.epoch = ? and j.seq > ? order by j.seq limit ?`,
    [epoch, after, LIMITS.pushItems],
  );
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
  rows: readonly Row[],
): Promise<Map<IdentityKey, FragmentUpdate>> {
  const keys = rows.filter((row) => isBare(row)).map((row) => textOf(row, "subject"));
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
    "select key, state from fragment where epoch = ? and key in (select value from json_each(?))",
    [epoch, JSON.stringify([...new Set(keys)])],
  );
  return rows.map((row) => {
    const state = bytesOf(row, "state");
    return { key: textOf(row, "key"), update: bytesToBase64(state), sha256: sha256Hex(state) };
  });
}

const isBare = (row: Row): boolean => row["updates"] === null && row["subject"] !== null;

function itemOf(row: Row, whole: Map<IdentityKey, FragmentUpdate>): Item {
  let updates: FragmentUpdate[] = [];
  if (isBare(row)) {
    const key = textOf(row, "subject");
    const fragment = whole.get(key);
    whole.delete(key);
    if (fragment) updates = [fragment];
  } else if (row["updates"] !== null) {
    updates = updatesSchema.parse(JSON.parse(textOf(row, "updates")));
  }
  return {
    seq: numberOf(row, "seq"),
    prev: textOf(row, "prev"),
    hash: textOf(row, "hash"),
    body: textOf(row, "body"),
    updates,
  };
}
