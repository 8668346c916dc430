/**
 * What the edge says of its stores, tills and connectors, asked in the background at a modest pace and kept in memory: no
 * page waits for the edge, and none fails with it.
 */
import { LIMITS } from "@regulars/shared/limits";
import { createLoop } from "@regulars/shared/serial";
import { z } from "zod";
import type { AskEdge } from "../tills/routes.ts";

const terminalSchema = z.object({
  source: z.string(),
  epoch: z.int(),
  closed: z.boolean(),
  /** Rows that are durable at the edge: all up to this number. */
  accepted: z.int(),
  golden: z.int(),
  notGoldenSinceMs: z.number().nullable(),
  lastSeenMs: z.number(),
  clockOffsetMs: z.number(),
  forks: z.int(),
  fenced: z.int(),
  /** What the till last spoke; absent of an edge that does not tell. */
  protocol: z.int().nullish(),
  schema: z.int().nullish(),
});
export type EdgeTerminal = z.infer<typeof terminalSchema>;

const statusSchema = z.object({
  stores: z.array(
    z.object({
      store: z.string(),
      terminals: z.array(terminalSchema),
      quarantined: z.record(z.string(), z.int()),
    }),
  ),
});
export type EdgeStore = z.infer<typeof statusSchema>["stores"][number];

const tillSchema = z.object({
  source: z.string(),
  store: z.string(),
  enrolledAt: z.string(),
  revokedAt: z.string().nullable(),
  seenAt: z.string().nullable(),
});
export type EdgeTill = z.infer<typeof tillSchema>;

/** Of an account no more than what a page shows: addresses can be secrets themselves. */
const accountSchema = z.object({
  id: z.string(),
  kind: z.string(),
  shop: z.string(),
  channel: z.string(),
  keys: z.array(z.object({ expiresAt: z.string().nullable(), usedDay: z.string().nullable() })),
});
export type EdgeAccount = z.infer<typeof accountSchema>;

export interface EdgeSight {
  readonly stores: ReadonlyMap<string, EdgeStore>;
  readonly tills: readonly EdgeTill[];
  readonly accounts: readonly EdgeAccount[];
  /** When it answered last; null before its first answer. */
  readonly seenMs: number | null;
  /** Since when it does not answer; null while it does, and before it was asked. */
  readonly awaySinceMs: number | null;
}

const NOTHING_SEEN: EdgeSight = {
  stores: new Map(),
  tills: [],
  accounts: [],
  seenMs: null,
  awaySinceMs: null,
};

export interface EdgeWatch {
  /** What it said last. */
  sight(): EdgeSight;
  /** Asks at once; resolved when it has answered, or has not. */
  look(): Promise<void>;
  close(): void;
}

export interface EdgeWatchDeps {
  readonly askEdge: AskEdge;
  readonly nowMs: () => number;
  /** Runs a task once after a delay; returns how to call it off. */
  readonly later: (delayMs: number, task: () => void) => () => void;
}

export function createEdgeWatch({ askEdge, nowMs, later }: EdgeWatchDeps): EdgeWatch {
  let sight = NOTHING_SEEN;
  let isClosed = false;
  let callOff: (() => void) | null = null;
  const ask = async <Of>(path: string, schema: z.ZodType<Of>): Promise<Of> => {
    const { status, json } = await askEdge("GET", path);
    if (status !== 200) throw new Error(`the edge answered ${status}`);
    return schema.parse(json);
  };
  const look = createLoop(
    async () => {
      const { stores } = await ask("/v1/status", statusSchema);
      const { tills } = await ask("/v1/tills", z.object({ tills: z.array(tillSchema) }));
      const known = z.object({ accounts: z.array(accountSchema) });
      const { accounts } = await ask("/v1/accounts", known);
      const byStore = new Map(stores.map((store) => [store.store, store]));
      sight = { stores: byStore, tills, accounts, seenMs: nowMs(), awaySinceMs: null };
    },
    // That it is away is said on the page; what it said before still stands there, with its time.
    () => {
      sight = { ...sight, awaySinceMs: sight.awaySinceMs ?? sight.seenMs ?? nowMs() };
    },
  );
  return {
    sight: () => sight,
    async look() {
      callOff?.();
      await look();
      callOff?.();
      if (!isClosed) callOff = later(LIMITS.edgeLookMs, () => void this.look());
    },
    close() {
      isClosed = true;
      callOff?.();
    },
  };
}
