/**
 * A fragment as its one writer keeps it. Nobody else changes it, and it is only ever added to at its end (FRG1): so of the Yjs
 * document that every other copy holds, the writer needs no more than the entries that stand, each with its clock. Every clock
 * without one is of an entry that was deleted. Updates and states are byte for byte those of such a Yjs document, which
 * written.test.ts holds them to, at a fraction of what a document costs that expects other writers.
 */
import type { Entry, Section } from "./entries.ts";
import { type Deleted, entryOf, readWhole, type Standing } from "./linear.ts";
import { encodeEntry, writeLinear, writeState } from "./write-linear.ts";

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

interface Own extends Standing {
  entry: Entry;
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
      const entry: Entry = [section, name, value];
      standing.push({ clock, entry, bytes: encodeEntry(entry) });
      clock += 1;
    },
    delete: remove,
    takeUpdate() {
      const changes = { from: sentTo, to: clock, standing, deleted: rangesOf(deleted) };
      const update = writeLinear(clientId, changes);
      sentTo = clock;
      deleted = [];
      return update;
    },
    state: () => writeState(clientId, { standing, clock }),
    clock: () => clock,
  };
}

function decode(state: Uint8Array, clientId: number): { standing: Own[]; clock: number } {
  const whole = readWhole(state, clientId);
  return {
    standing: whole.standing.map((one) => ({ ...one, entry: entryOf(one) })),
    clock: whole.clock,
  };
}

function rangesOf(clocks: readonly number[]): Deleted[] {
  const ranges: Deleted[] = [];
  for (const clock of clocks.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.clock + last.count === clock) {
      ranges.splice(-1, 1, { ...last, count: last.count + 1 });
    } else ranges.push({ clock, count: 1 });
  }
  return ranges;
}
