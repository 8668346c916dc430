/**
 * A fragment as its one writer keeps it. Nobody else changes it, and it is only ever added to at its end (FRG1): so of the Yjs
 * document that every other copy holds, the writer needs no more than the entries that stand, each with its clock. Every clock
 * without one is of an entry that was deleted. Updates and states are byte for byte those of such a Yjs document, which
 * written.test.ts holds them to, at a fraction of what a document costs that expects other writers.
 */
import * as Y from "yjs";
import { type Entry, isEntry, type Section } from "./entries.ts";

export interface WrittenFragment {
  entries(): Entry[];
  /** At the end of the list, in place of the entry of that name. */
  set(section: Section, name: string, value: unknown): void;
  delete(section: Section, name: string): void;
  /** What takes every other copy from the last update, or from the state that was opened, to here. */
  takeUpdate(): Uint8Array;
  /** The whole document, without what was deleted (FRG3). */
  state(): Uint8Array;
  /** Of the next entry: how many there have been. */
  clock(): number;
}

interface Standing {
  readonly clock: number;
  readonly entry: Entry;
  /** As Yjs writes it, once it has been: most entries stand in many states. */
  encoded?: Uint8Array;
}

/** Entries that follow each other: all stand, or as many were deleted. */
interface Run {
  readonly clock: number;
  readonly standing: Standing[];
  readonly deleted: number;
}

/** Throws when `state` is not a whole document of this writer. */
export function openWritten(state: Uint8Array | null, clientId: number): WrittenFragment {
  const opened = state ? decode(state, clientId) : { standing: [], clock: 0 };
  const { standing } = opened;
  let { clock } = opened;
  /** Where the last update has led to, and what was deleted since. */
  let sentTo = clock;
  let deleted: number[] = [];

  function remove(section: Section, name: string): void {
    const at = standing.findIndex(({ entry }) => entry[0] === section && entry[1] === name);
    if (at !== -1) deleted.push(...standing.splice(at, 1).map((gone) => gone.clock));
  }

  return {
    entries: () => standing.map(({ entry }) => entry),
    set(section, name, value) {
      remove(section, name);
      standing.push({ clock, entry: [section, name, value] });
      clock += 1;
    },
    delete: remove,
    takeUpdate() {
      const runs = runsOf(standing, sentTo, clock);
      const update = encode(clientId, runs, rangesOf(deleted));
      sentTo = clock;
      deleted = [];
      return update;
    },
    state() {
      const runs = runsOf(standing, 0, clock);
      const gone = runs.filter((run) => run.deleted > 0);
      return encode(clientId, runs, gone);
    },
    clock: () => clock,
  };
}

function decode(state: Uint8Array, clientId: number): { standing: Standing[]; clock: number } {
  const { structs, ds } = Y.decodeUpdate(state);
  const standing: Standing[] = [];
  let clock = 0;
  let deleted = 0;
  for (const struct of structs) {
    if (struct.id.client !== clientId || struct.id.clock !== clock) throw notWhole();
    const entries = entriesOf(struct);
    for (const [at, entry] of entries.entries()) standing.push({ clock: clock + at, entry });
    if (entries.length === 0) deleted += struct.length;
    clock += struct.length;
  }
  const said = [...ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0);
  if (said !== deleted) throw notWhole();
  return { standing, clock };
}

/** None where they were deleted. */
function entriesOf(struct: Y.Item | Y.GC | Y.Skip): Entry[] {
  const content = struct instanceof Y.Item ? struct.content : null;
  if (content instanceof Y.ContentDeleted) return [];
  if (!(content instanceof Y.ContentAny) || !content.arr.every(isEntry)) throw notWhole();
  return content.arr;
}

const notWhole = (): Error => new TypeError("this is not a whole fragment of its writer");

/** Everything from one clock up to another. */
function runsOf(standing: readonly Standing[], from: number, to: number): Run[] {
  const runs: Run[] = [];
  let at = from;
  for (const one of standing) {
    const { clock } = one;
    if (clock < from) continue;
    if (clock > at) runs.push({ clock: at, standing: [], deleted: clock - at });
    if (clock > at || runs.length === 0) runs.push({ clock, standing: [], deleted: 0 });
    runs.at(-1)?.standing.push(one);
    at = clock + 1;
  }
  if (to > at) runs.push({ clock: at, standing: [], deleted: to - at });
  return runs;
}

type Deleted = Pick<Run, "clock" | "deleted">;

function rangesOf(clocks: readonly number[]): Deleted[] {
  const ranges: Deleted[] = [];
  for (const clock of clocks.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.clock + last.deleted === clock) {
      ranges.splice(-1, 1, { ...last, deleted: last.deleted + 1 });
    } else ranges.push({ clock, deleted: 1 });
  }
  return ranges;
}

/** Yjs's numbers of the kinds of content, and its mark for content that follows other content. */
const CONTENT_DELETED = 1;
const CONTENT_ANY = 8;
const HAS_ORIGIN = 0x80;
/** That a number up to 2^53 takes at most. */
const NUMBER_BYTES = 8;
/** Name of the list in the document. */
const LIST = "entries";

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
    for (const range of deleted) bytes.write(range.clock, range.deleted);
  }
  return bytes.all();
}

function writeRun(bytes: Bytes, clientId: number, run: Run): void {
  const content = run.deleted > 0 ? CONTENT_DELETED : CONTENT_ANY;
  if (run.clock > 0) {
    bytes.append([content | HAS_ORIGIN]);
    bytes.write(clientId, run.clock - 1);
  } else {
    bytes.append([content]);
    bytes.append(IN_LIST);
  }
  bytes.write(run.deleted || run.standing.length);
  for (const one of run.standing) {
    one.encoded ??= encodedBy((encoder) => encoder.writeAny(one.entry));
    bytes.append(one.encoded);
  }
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
