/**
 * The store agent: captures sales and what is learned about customers, with or without a network.
 *
 *   const agent = await openStoreAgent({ dataDir, source: "till-1", store: "store-1", ... });
 *   const sale = await agent.capture({
 *     kind: "sale",
 *     lines: [{ sku: "A1", quantity: "1", unitPrice: "2.50" }],
 *     customer: { email: "ada@example.org" },
 *   });
 *   if (sale.ok) print(sale.value.receipt);
 */
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Metric } from "@regulars/shared/metrics";
import { zodErrorToProblem } from "@regulars/shared/problem";
import { ARCHIVE_SIZES } from "./archive/archived-row.ts";
import type { Capture } from "./capture/capture.ts";
import { openFolder } from "./db/open-folder.ts";
import { KEY_FILE } from "./db/till-key.ts";
import { folderKeysOf } from "./encryption/folder-keys.ts";
import type { JournalEntry, JournalPage } from "./journal/list.ts";
import type { QuarantinedRow } from "./journal/quarantine.ts";
import type { Lookup } from "./lookup/lookup.ts";
import { OpenRefused } from "./open-refused.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import type { DayAnswer, ShiftAnswer, ZReport } from "./shift/reports.ts";
import { connectEdge, type EdgeLink } from "./sync/connect-edge.ts";
import type { EdgeFailure } from "./sync/edge-port.ts";
import { loadOffset } from "./sync/clock-offset.ts";
import { type Health, healthOf } from "./sync/health.ts";
import { metricsOf } from "./sync/metrics.ts";
import type { Status } from "./sync/status.ts";
import { createTill } from "./till.ts";

export { OpenRefused } from "./open-refused.ts";
export type { CaptureAnswer } from "./capture/answer.ts";
export type { JournalEntry } from "./journal/list.ts";
export type { QuarantinedRow } from "./journal/quarantine.ts";
export type { LookupResult } from "./lookup/lookup.ts";
export type { DayAnswer, ShiftAnswer, ZReport } from "./shift/reports.ts";
export type { Health } from "./sync/health.ts";
export type { Status } from "./sync/status.ts";

export interface StoreAgentOptions extends Settings {
  readonly nowMs?: () => number;
  readonly random?: () => number;
  readonly fetch?: typeof globalThis.fetch;
  /** The edge came into reach, went out of it, or refuses. */
  readonly onLink?: (online: boolean, failure: EdgeFailure | null) => void;
  /** Something failed in the background that should not have; sync goes on. */
  readonly onError?: (error: unknown) => void;
}

export interface StoreAgent {
  /** Answers when the capture is durable; rejects when the database cannot be written. */
  readonly capture: Capture;
  readonly lookup: Lookup;
  status(): Promise<Status>;
  /** What is wrong, in words. */
  health(): Promise<Health>;
  metrics(): Promise<Metric[]>;
  /** Rows of an epoch in order, without personal data. */
  journal(page?: JournalPage): Promise<JournalEntry[]>;
  /** Rows that could not be used, and why. */
  quarantine(): Promise<QuarantinedRow[]>;
  /** The shift that is open, as an X report: what it comes to so far. Opened, counted and closed by captures. */
  shift(): Promise<ShiftAnswer>;
  /** A Z report as it was closed, with what came for its day since; null where no such shift has been closed here. */
  zReport(number: number): Promise<ZReport | null>;
  /** Shifts, amendments and seal of a business day, and the journal's heads for whoever seals it; of the open shift's day, or today's, if none is named. */
  day(businessDay?: string): Promise<DayAnswer>;
  close(): Promise<void>;
}

/** Rejects with `OpenRefused` when the folder or a setting cannot be used. */
export async function openStoreAgent(options: StoreAgentOptions): Promise<StoreAgent> {
  const settings = parseSettings(options);
  const { source, store, zone, currency } = settings;
  const { nowMs = Date.now, random = Math.random } = options;
  const folder = await openFolder(settings);
  const link = linkOf(settings, options);
  const till = createTill({
    storage: folder.storage,
    relaxed: folder.relaxed,
    archiveFolder: folder.archive,
    sizes: ARCHIVE_SIZES,
    flush: () => folder.flush(),
    shrink: () => folder.shrink(),
    highWater: folder.highWater,
    life: folder.life,
    offsetMs: await loadOffset(folder.storage),
    edge: link?.edge ?? null,
    place: { source, store, zone },
    currency,
    blindCount: settings.blindCount,
    identity: { pepper: settings.pepper, country: settings.country },
    nowMs,
    random,
    gather: () => setImmediate(),
    wait,
    onLink: options.onLink ?? (() => undefined),
    onError: options.onError ?? (() => undefined),
  });
  link?.listen(till.pullSoon);
  return {
    capture: till.capture,
    lookup: till.lookup,
    status: () => till.status(),
    health: async () => healthOf(await till.status(), zone, nowMs()),
    metrics: async () => metricsOf(await till.status(), nowMs()),
    journal: (page = {}) => till.journal(page),
    quarantine: () => till.quarantine(),
    shift: () => till.shift(),
    zReport: (number) => till.zReport(number),
    day: (businessDay) => till.day(businessDay),
    async close() {
      link?.close();
      await till.stop();
      await folder.close();
    },
  };
}

type ParsedSettings = ReturnType<typeof settingsSchema.parse>;

function parseSettings(options: StoreAgentOptions): ParsedSettings {
  const parsed = settingsSchema.safeParse(options);
  if (parsed.success) return parsed.data;
  const { errors = [] } = zodErrorToProblem(parsed.error);
  const reasons = errors.map(({ field, reason }) => `${field} ${reason}`).join(", ");
  throw new OpenRefused("invalid_setting", `The agent cannot start: ${reasons}.`);
}

function linkOf(settings: ParsedSettings, options: StoreAgentOptions): EdgeLink | null {
  const { edgeUrl, enrolmentCode, source, store, encryptionKey } = settings;
  if (edgeUrl === undefined) return null;
  const { random = Math.random, fetch = globalThis.fetch } = options;
  const keyFile = join(settings.dataDir, KEY_FILE);
  const sealedWith = encryptionKey === undefined ? null : folderKeysOf(encryptionKey).tillKey;
  return connectEdge({ edgeUrl, enrolmentCode, keyFile, sealedWith, source, store, random, fetch });
}

const TIMER_MAX_MS = 2 ** 31 - 1;

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await setTimeout(Math.min(ms, TIMER_MAX_MS), undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
