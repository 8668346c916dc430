/** A fragment as its row holds it: the document compressed, and what it says worked out from that. */
import { hash as digestOf } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { readContribution, readSaying, type Saying } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import type { IdentityKey } from "@regulars/shared/ids";
import { bytesOf, numberOf, type Row, type Statement } from "@regulars/shared/storage/port";

/** Room for a fragment and not for 32 kB: zlib sets up its tables anew for each, and that takes longer than to fill them. */
const DEFLATE = { windowBits: 13, memLevel: 4, chunkSize: 2_048 };

/** Room for most; more is asked for where it is not enough. What is left at 16 kB keeps the collector busy. */
const INFLATE = { chunkSize: 2_048 };

/** Columns that the functions below read. */
export const STATE_COLUMNS = "state, packed, sha256";

/** Null where the bytes are not what was written: a disk forgets a bit now and then (SYN5). */
export function stateOf(row: Row): Uint8Array | null {
  const bytes = bytesOf(row, "state");
  // A row from before has no digest; it gets one when it next changes.
  if (row["sha256"] !== null && row["sha256"] !== digestOf("sha256", bytes)) return null;
  return numberOf(row, "packed") === 1 ? inflateRawSync(bytes, INFLATE) : bytes;
}

/** To be written on: of one that is as it was written, only what a capture has to know is read. Null where it is damaged. */
export function openWhole(
  row: Row,
  clientId: number,
): { readonly doc: WrittenFragment; readonly saying: Saying } | null {
  return openOr(row, clientId, (doc) => {
    // Without a digest nothing but reading all of it shows whether it is whole.
    if (row["sha256"] === null) readContribution(doc);
    return { doc, saying: readSaying(doc) };
  });
}

/** Null where it is damaged; of a row from before digests, where it is no fragment any more. */
export function contributionOf(row: Row, clientId: number): Contribution | null {
  return openOr(row, clientId, readContribution);
}

function openOr<Read>(
  row: Row,
  clientId: number,
  read: (doc: WrittenFragment) => Read,
): Read | null {
  try {
    const state = stateOf(row);
    return state && read(openWritten(state, clientId));
  } catch {
    return null; // Yjs, zlib and zod throw errors of many kinds on what is no fragment; all mean the same here
  }
}

export function fragmentStatement(
  key: IdentityKey,
  epoch: number,
  state: Uint8Array,
  known: readonly string[],
): Statement {
  const packed = deflateRawSync(state, DEFLATE);
  return {
    sql: `insert into fragment (key, epoch, keys, state, packed, sha256) values (?, ?, ?, ?, 1, ?)
          on conflict (key, epoch) do update
            set keys = excluded.keys, state = excluded.state, packed = 1, sha256 = excluded.sha256`,
    args: [key, epoch, JSON.stringify(known), packed, digestOf("sha256", packed)],
  };
}
