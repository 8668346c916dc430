/**
 * Virtual time: what is to happen, in order. Between two happenings all promises run to their end; nothing here waits
 * for the world outside, so a month of idling costs no more than a second.
 */
export interface Timeline {
  readonly nowMs: () => number;
  /** Returns how to call it off. Infinity is never. */
  after(delayMs: number, task: () => void): () => void;
  /** Once all that is under way at this moment has run to its next wait. */
  atTurnEnd(task: () => void): void;
  /** Runs all that is due until then. */
  runUntil(ms: number): Promise<void>;
  /** Everything sleeps, as machines of a closed shop do: what was due meanwhile happens late, once, and in order. */
  skip(ms: number): void;
  /** How long everything has slept so far. */
  readonly sleptMs: () => number;
  /** How many things have happened. */
  readonly events: () => number;
}

interface Entry {
  readonly atMs: number;
  readonly order: number;
  task: (() => void) | null;
}

export function createTimeline(startMs: number): Timeline {
  const heap: Entry[] = [];
  let endings: (() => void)[] = [];
  let now = startMs;
  let order = 0;
  let events = 0;
  let slept = 0;

  async function turn(): Promise<void> {
    await settled();
    while (endings.length > 0) {
      const tasks = endings;
      endings = [];
      for (const task of tasks) task();
      await settled();
    }
  }

  return {
    nowMs: () => now,
    events: () => events,
    sleptMs: () => slept,
    after(delayMs, task) {
      if (delayMs === Infinity) return () => undefined;
      const entry: Entry = { atMs: now + Math.max(0, Math.ceil(delayMs)), order: order++, task };
      push(heap, entry);
      return () => {
        entry.task = null;
      };
    },
    atTurnEnd: (task) => void endings.push(task),
    async runUntil(ms) {
      await turn();
      for (let next = heap[0]; next && next.atMs <= ms; next = heap[0]) {
        pop(heap);
        if (!next.task) continue;
        now = Math.max(now, next.atMs);
        events += 1;
        next.task();
        await turn();
      }
      now = Math.max(now, ms);
    },
    skip(ms) {
      now += ms;
      slept += ms;
    },
  };
}

/** Every promise that can go on has gone on: no task of a simulated machine ever leaves the process. */
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

const isBefore = (a: Entry, b: Entry): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(entry, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
