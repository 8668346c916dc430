/**
 * The till as a machine over ports: a storage, an edge, a clock. `openStoreAgent` gives it a folder and a network; the
 * simulator gives it others.
 */
import type { ArchiveFolder } from "./archive/archive-folder.ts";
import { type BackgroundDeps, startArchive } from "./archive/background.ts";
import { type Capture, type CaptureDeps, createCapture } from "./capture/capture.ts";
import type { Life } from "@regulars/shared/protocol/life";
import type { Storage } from "@regulars/shared/storage/port";
import { type JournalEntry, type JournalPage, listJournal } from "./journal/list.ts";
import { listQuarantine, type QuarantinedRow } from "./journal/quarantine.ts";
import { createLookup, type Lookup } from "./lookup/lookup.ts";
import { createReports, type ReportDeps, type Reports } from "./shift/reports.ts";
import type { EdgePort } from "./sync/edge-port.ts";
import { createEpochs } from "./sync/epochs.ts";
import { createLink } from "./sync/link.ts";
import { readStatus, type Status } from "./sync/status.ts";
import { createSync } from "./sync/sync.ts";
import { startSyncLoop, type SyncLoop, type SyncLoopDeps } from "./sync/sync-loop.ts";

export interface TillDeps
  extends
    Pick<
      CaptureDeps,
      "storage" | "place" | "currency" | "identity" | "nowMs" | "gather" | "highWater"
    >,
    Pick<BackgroundDeps, "sizes" | "flush" | "shrink">,
    Pick<ReportDeps, "blindCount">,
    Omit<SyncLoopDeps, "sync"> {
  /** The same database, for what the edge tells and would tell again. */
  readonly relaxed: Storage;
  /** Where golden rows go. */
  readonly archiveFolder: ArchiveFolder;
  /** Null for a till that sends nothing. */
  readonly edge: EdgePort | null;
  /** Of this run, as `openWriter` gave it. */
  readonly life: Life;
  /** What was last known of how far the clock is ahead. */
  readonly offsetMs: number;
}

export interface TillMachine extends Reports {
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
  const at = { source, store, nowMs };
  let { offsetMs } = deps;
  let loop = NO_LOOP;
  const { archiveFolder: folder, gather: pause } = deps;
  const background = startArchive({ ...deps, folder, source, pause });
  const { archive } = background;
  const journal = { storage, archive };
  const onClosed = (): void => {
    loop.pushClosedSoon();
    background.moveSoon();
  };
  const { capture, alone, settled } = createCapture({
    ...deps,
    offsetMs: () => offsetMs,
    archive,
    isOnline: () => loop.isOnline(),
    onCommitted: () => loop.pushSoon(),
    onClosed,
  });
  const epochs = createEpochs({
    ...at,
    storage,
    alone,
    onClosed,
  });
  const sync =
    edge &&
    createSync({
      ...at,
      storage: relaxed,
      archive,
      edge,
      epochs,
      life,
      onBehind: () => {
        loop.pushSoon();
        loop.pushClosedSoon();
      },
      onGolden: background.moveSoon,
      onOffset: (measuredMs) => {
        offsetMs = measuredMs;
      },
    });
  const link = createLink({ ...deps, hasEdge: sync !== null });
  if (sync) loop = startSyncLoop({ ...deps, onLink: link.onLink, sync });
  const askEdge: Parameters<typeof createLookup>[0]["askEdge"] = (identifiers) =>
    sync && loop.isOnline() ? sync.askFor(identifiers) : Promise.resolve(null);
  return {
    capture,
    lookup: createLookup({ ...journal, source, identity, askEdge }),
    pullSoon: () => loop.pullSoon(),
    isOnline: () => loop.isOnline(),
    status: () => {
      const clockOffsetMs = Math.round(offsetMs);
      const online = loop.isOnline();
      return readStatus(journal, { source, online, edge: link.edge(), clockOffsetMs });
    },
    journal: (page) => listJournal(journal, page),
    quarantine: () => listQuarantine(storage),
    ...createReports(deps),
    async stop() {
      await settled();
      await loop.stop();
      await background.stop();
    },
  };
}

const NO_LOOP: SyncLoop = {
  pushSoon: () => undefined,
  pushClosedSoon: () => undefined,
  pullSoon: () => undefined,
  isOnline: () => false,
  stop: () => Promise.resolve(),
};
