/**
 * The till as a machine over ports: a storage, an edge, a clock. `openStoreAgent` gives it a folder and a network; the
 * simulator gives it others.
 */
import { type CaptureDeps, createCapture, type Capture } from "./capture/capture.ts";
import { type JournalEntry, type JournalPage, listJournal } from "./journal/list.ts";
import { createLookup, type Lookup } from "./lookup/lookup.ts";
import type { EdgePort } from "./sync/edge-port.ts";
import { readStatus, type Status } from "./sync/status.ts";
import { createSync } from "./sync/sync.ts";
import { startSyncLoop, type SyncLoop, type SyncLoopDeps } from "./sync/sync-loop.ts";
import type { Storage } from "@regulars/shared/storage/port";

export interface TillDeps
  extends
    Pick<CaptureDeps, "storage" | "place" | "currency" | "identity" | "nowMs" | "gather">,
    Omit<SyncLoopDeps, "sync"> {
  /** The same database, for what the edge tells and would tell again. */
  readonly relaxed: Storage;
  /** Null for a till that sends nothing. */
  readonly edge: EdgePort | null;
}

export interface TillMachine {
  readonly capture: Capture;
  readonly lookup: Lookup;
  /** The edge has something new. */
  readonly pullSoon: () => void;
  readonly isOnline: () => boolean;
  status(): Promise<Status>;
  journal(page: JournalPage): Promise<JournalEntry[]>;
  /** Resolves when what was begun is answered and both loops have ended. */
  stop(): Promise<void>;
}

export function createTill(deps: TillDeps): TillMachine {
  const { storage, relaxed, edge, nowMs, identity } = deps;
  const { source, store } = deps.place;
  const sync = edge && createSync({ storage: relaxed, edge, nowMs, source, store });
  const loop = sync ? startSyncLoop({ ...deps, sync }) : NO_LOOP;
  const { capture, settled } = createCapture({
    ...deps,
    isOnline: loop.isOnline,
    onCommitted: loop.pushSoon,
  });
  const askEdge: Parameters<typeof createLookup>[0]["askEdge"] = (identifiers) =>
    sync && loop.isOnline() ? sync.askFor(identifiers) : Promise.resolve(null);
  return {
    capture,
    lookup: createLookup({ storage, identity, askEdge }),
    pullSoon: loop.pullSoon,
    isOnline: loop.isOnline,
    status: () => readStatus(storage, { source, store, online: loop.isOnline() }),
    journal: (page) => listJournal(storage, page),
    async stop() {
      await settled();
      await loop.stop();
    },
  };
}

const NO_LOOP: SyncLoop = {
  pushSoon: () => undefined,
  pullSoon: () => undefined,
  isOnline: () => false,
  stop: () => Promise.resolve(),
};
