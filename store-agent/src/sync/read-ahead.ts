/** While the edge takes a push, the rows of the next one are read and packed: of two machines none waits for the other. */
import type { Item } from "@regulars/shared/protocol/item";
import type { JournalDeps } from "../journal/find.ts";
import type { EdgePort } from "./edge-port.ts";
import type { Ladder } from "./marks.ts";
import { readOutgoing } from "./outgoing.ts";

export interface ReadAhead {
  /** What follows on what the edge has accepted, as `readOutgoing`: of what was read ahead, where that is it. */
  next(ladder: Ladder, bytesMax: number): Promise<Item[]>;
  /** These have been sent, perhaps not for the first time: what follows on them is read meanwhile, if there was more. */
  begin(ladder: Ladder, bytesMax: number, sent: readonly Item[]): void;
  /** The push was not taken as a whole. */
  drop(): void;
}

interface Ahead {
  readonly epoch: number;
  readonly after: number;
  readonly bytesMax: number;
  readonly items: Promise<Item[]>;
}

export function createReadAhead(
  journal: JournalDeps & { readonly edge: Pick<EdgePort, "prepare"> },
): ReadAhead {
  let ahead: Ahead | null = null;
  async function read(ladder: Ladder, after: number, bytesMax: number): Promise<Item[]> {
    const marks = { ...ladder.marks, accepted: after };
    const items = await readOutgoing(journal, { ...ladder, marks }, bytesMax);
    if (items.length > 0) journal.edge.prepare?.(items);
    return items;
  }
  return {
    async next(ladder, bytesMax) {
      const { epoch, seq, marks } = ladder;
      const known = ahead;
      ahead = null;
      if (known?.epoch === epoch && known.after === marks.accepted && known.bytesMax === bytesMax) {
        const items = await known.items;
        // An epoch that was cut meanwhile ends before them.
        const last = items.at(-1);
        if (last && last.seq <= seq) return items;
      }
      return readOutgoing(journal, ladder, bytesMax);
    },
    begin(ladder, bytesMax, sent) {
      const after = sent.at(-1)?.seq ?? ladder.seq;
      if (after >= ladder.seq || ahead?.after === after) return;
      const items = read(ladder, after, bytesMax);
      // Told to whoever takes it, if anybody does.
      items.catch(() => undefined);
      ahead = { epoch: ladder.epoch, after, bytesMax, items };
    },
    drop() {
      ahead = null;
    },
  };
}
