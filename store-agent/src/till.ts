/**
 * The till as a machine over ports: a storage, an edge, a clock. `openStoreAgent` gives it a folder and a network; the
 * simulator gives it others.
 */
import { type Capture, type CaptureDeps, createCapture } from "./capture/capture.ts";
import type { Life } from "@regulars/shared/protocol/life";
import type { Storage } from "@regulars/shared/storage/port";
import { type JournalEntry, type JournalPage, listJournal } from "./journal/list.ts";
import { listQuarantine, type QuarantinedRow } from "./journal/quarantine.ts";
import { createLookup, type Lookup } from "./lookup/lookup.ts";
import type { EdgePort } from "./sync/edge-port.ts";
import { createEpochs } from "./sync/epochs.ts";
import type { EdgeFailure } from "./sync/edge-port.ts";
import { type LinkState, readStatus, type Status } from "./sync/status.ts";
import { createSync } from "./sync/sync.ts";
import { startSyncLoop, type SyncLoop, type SyncLoopDeps } from "./sync/sync-loop.ts";

export interface TillDeps
  extends
    Pick<
      CaptureDeps,
      "storage" | "place" | "currency" | "identity" | "nowMs" | "gather" | "highWater"
    >,
    Omit<SyncLoopDeps, "sync"> {
  /** The same database, for what the edge tells and would tell again. */
  readonly relaxed: Storage;
  /** Null for a till that sends nothing. */
  readonly edge: EdgePort | null;
  /** Of this run, as `openWriter` gave it. */
  readonly life: Life;
  /** What was last known of how far the clock is ahead. */
  readonly offsetMs: number;
}

export interface TillMachine {
  readonly capture: Capture;
  readonly lookup: Lookup;
  /** The edge has something new. */
  readonly pullSoon: () => void;
  readonly isOnline: () => boolean;
  status(): Promise<Status>;
  journal(page: JournalPage): Promise<JournalEntry[]>;
  quarantine(): Promise<QuarantinedRow[]>;
  /** Resolves when what was begun is answered and both loops have ended. */
  stop(): Promise<void>;
}

export function createTill(deps: TillDeps): TillMachine {
  const { storage, relaxed, edge, nowMs, identity, life } = deps;
  const { source, store } = deps.place;
  let { offsetMs } = deps;
  let loop = NO_LOOP;
  const { capture, alone, settled } = createCapture({
    ...deps,
    offsetMs: () => offsetMs,
    isOnline: () => loop.isOnline(),
    onCommitted: () => loop.pushSoon(),
  });
  const epochs = createEpochs({
    storage,
    source,
    store,
    nowMs,
    alone,
    onClosed: () => loop.pushClosedSoon(),
  });
  const sync =
    edge &&
    createSync({
      storage: relaxed,
      edge,
      epochs,
      life,
      nowMs,
      source,
      store,
      onBehind: () => {
        loop.pushSoon();
        loop.pushClosedSoon();
      },
      onOffset: (measuredMs) => {
        offsetMs = measuredMs;
      },
    });
  let heard: LinkState["edge"] = { state: sync ? "unknown" : "none", since: null };
  const onLink = (online: boolean, failure: EdgeFailure | null): void => {
    const state = stateOf(failure);
    if (state !== heard.state) heard = { state, since: new Date(nowMs()).toISOString() };
    deps.onLink(online, failure);
  };
  if (sync) loop = startSyncLoop({ ...deps, onLink, sync });
  const askEdge: Parameters<typeof createLookup>[0]["askEdge"] = (identifiers) =>
    sync && loop.isOnline() ? sync.askFor(identifiers) : Promise.resolve(null);
  return {
    capture,
    lookup: createLookup({ storage, identity, askEdge }),
    pullSoon: () => loop.pullSoon(),
    isOnline: () => loop.isOnline(),
    status: () =>
      readStatus(storage, {
        source,
        online: loop.isOnline(),
        edge: heard,
        clockOffsetMs: Math.round(offsetMs),
      }),
    journal: (page) => listJournal(storage, page),
    quarantine: () => listQuarantine(storage),
    async stop() {
      await settled();
      await loop.stop();
    },
  };
}

function stateOf(failure: EdgeFailure | null): LinkState["edge"]["state"] {
  if (failure === null) return "reachable";
  switch (failure.code) {
    case "overloaded":
      return "overloaded";
    case "unreachable":
      return "unreachable";
    default:
      return "refused";
  }
}

const NO_LOOP: SyncLoop = {
  pushSoon: () => undefined,
  pushClosedSoon: () => undefined,
  pullSoon: () => undefined,
  isOnline: () => false,
  stop: () => Promise.resolve(),
};
