/** Linear updates, written: byte for byte what Yjs itself makes of the same changes, which written.test.ts holds it to. */
import * as Y from "yjs";
import type { Entry } from "./entries.ts";
import {
  CONTENT_ANY,
  CONTENT_DELETED,
  type Deleted,
  HAS_ORIGIN,
  type Linear,
  LIST,
  type Standing,
} from "./linear.ts";

/** Entries that follow each other, or so many clocks without. */
interface Run {
  readonly clock: number;
  readonly bytes: readonly Uint8Array[];
  readonly gap: number;
}

/** What leads from one clock to another: entries in the order of their clocks, and what is deleted besides the gaps between them. */
export function writeLinear(
  clientId: number,
  { from, to, standing, deleted }: Omit<Linear, "gaps">,
): Uint8Array {
  return encode(clientId, runsOf(standing, from, to), deleted);
}

/** A whole document: everything that stands, and the gaps, which are all that was deleted. */
export function writeState(
  clientId: number,
  { standing, clock }: { readonly standing: readonly Standing[]; readonly clock: number },
): Uint8Array {
  const runs = runsOf(standing, 0, clock);
  const gaps = runs.flatMap((run) => (run.gap > 0 ? [{ clock: run.clock, count: run.gap }] : []));
  return encode(clientId, runs, gaps);
}

export const encodeEntry = (entry: Entry): Uint8Array =>
  encodedBy((encoder) => encoder.writeAny(entry));

function runsOf(standing: readonly Standing[], from: number, to: number): Run[] {
  const runs: Run[] = [];
  let bytes: Uint8Array[] = [];
  let at = from;
  for (const one of standing) {
    if (one.clock < from) continue;
    if (one.clock > at) runs.push({ clock: at, bytes: [], gap: one.clock - at });
    if (one.clock > at || bytes.length === 0) {
      bytes = [];
      runs.push({ clock: one.clock, bytes, gap: 0 });
    }
    bytes.push(one.bytes);
    at = one.clock + 1;
  }
  if (to > at) runs.push({ clock: at, bytes: [], gap: to - at });
  return runs;
}

/** That a number up to 2^53 takes at most. */
const NUMBER_BYTES = 8;

function encode(clientId: number, runs: readonly Run[], deleted: readonly Deleted[]): Uint8Array {
  const bytes = createBytes();
  const [first] = runs;
  bytes.write(first ? 1 : 0); // writers
  if (first) {
    bytes.write(runs.length, clientId, first.clock);
    for (const run of runs) writeRun(bytes, clientId, run);
  }
  bytes.write(deleted.length > 0 ? 1 : 0);
  if (deleted.length > 0) {
    bytes.write(clientId, deleted.length);
    for (const range of deleted) bytes.write(range.clock, range.count);
  }
  return bytes.all();
}

function writeRun(bytes: Bytes, clientId: number, run: Run): void {
  const content = run.gap > 0 ? CONTENT_DELETED : CONTENT_ANY;
  if (run.clock > 0) {
    bytes.append([content | HAS_ORIGIN]);
    bytes.write(clientId, run.clock - 1);
  } else {
    bytes.append([content]);
    bytes.append(IN_LIST);
  }
  bytes.write(run.gap || run.bytes.length);
  for (const entry of run.bytes) bytes.append(entry);
}

function encodedBy(write: (encoder: Y.UpdateEncoderV1) => void): Uint8Array {
  const encoder = new Y.UpdateEncoderV1();
  write(encoder);
  return encoder.toUint8Array();
}

const IN_LIST = encodedBy((encoder) => {
  encoder.writeParentInfo(true);
  encoder.writeString(LIST);
});

interface Bytes {
  /** Whole numbers, seven bits to a byte, lowest first. */
  write(...numbers: readonly number[]): void;
  append(bytes: Uint8Array | readonly number[]): void;
  all(): Uint8Array;
}

/** Where all is put together and copied from: nothing comes between the two. */
let room = new Uint8Array(4_096);

function createBytes(): Bytes {
  let length = 0;
  function reserve(more: number): void {
    if (length + more <= room.length) return;
    const larger = new Uint8Array(2 * (length + more));
    larger.set(room);
    room = larger;
  }
  return {
    write(...numbers) {
      reserve(numbers.length * NUMBER_BYTES);
      for (let number of numbers) {
        for (; number > 0x7f; number = Math.floor(number / 0x80)) {
          room[length++] = 0x80 | (number % 0x80);
        }
        room[length++] = number;
      }
    },
    append(bytes) {
      reserve(bytes.length);
      room.set(bytes, length);
      length += bytes.length;
    },
    all: () => room.slice(0, length),
  };
}
