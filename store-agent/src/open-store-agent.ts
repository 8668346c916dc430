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
import { setImmediate } from "node:timers/promises";
import { zodErrorToProblem } from "@regulars/shared/problem";
import type { Storage } from "@regulars/shared/storage/port";
import { type Capture, createCapture } from "./capture/capture.ts";
import { openFolder } from "./db/open-folder.ts";
import { type JournalEntry, type JournalPage, listJournal } from "./journal/list.ts";
import { createLookup, type Lookup } from "./lookup/lookup.ts";
import { OpenRefused } from "./open-refused.ts";
import { type Settings, settingsSchema } from "./settings.ts";
import { connectEdge, type EdgeLink, NO_LINK } from "./sync/connect-edge.ts";
import type { EdgeFailure } from "./sync/edge-port.ts";
import { readStatus, type Status } from "./sync/status.ts";

export { OpenRefused } from "./open-refused.ts";
export type { CaptureAnswer } from "./capture/answer.ts";
export type { JournalEntry } from "./journal/list.ts";
export type { LookupResult } from "./lookup/lookup.ts";
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
  /** Rows of the current epoch, in order, without personal data. */
  journal(page?: JournalPage): Promise<JournalEntry[]>;
  close(): Promise<void>;
}

/** Rejects with `OpenRefused` when the folder or a setting cannot be used. */
export async function openStoreAgent(options: StoreAgentOptions): Promise<StoreAgent> {
  const settings = parseSettings(options);
  const { source, store, zone, currency } = settings;
  const { nowMs = Date.now } = options;
  const folder = await openFolder(settings.dataDir, source);
  const { storage } = folder;
  const link = linkOf(settings, options, folder.relaxed);
  const identity = { pepper: settings.pepper, country: settings.country };
  const { capture, settled } = createCapture({
    storage,
    nowMs,
    place: { source, store, zone },
    currency,
    identity,
    isOnline: link.isOnline,
    gather: () => setImmediate(),
    onCommitted: link.pushSoon,
  });
  return {
    capture,
    lookup: createLookup({ storage, identity, askEdge: link.askFor }),
    status: () => readStatus(storage, { source, store, online: link.isOnline() }),
    journal: (page = {}) => listJournal(storage, page),
    async close() {
      await settled();
      await link.close();
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

function linkOf(settings: ParsedSettings, options: StoreAgentOptions, storage: Storage): EdgeLink {
  const { edgeUrl, agentToken, source, store } = settings;
  if (edgeUrl === undefined || agentToken === undefined) return NO_LINK;
  const { nowMs = Date.now, random = Math.random, fetch = globalThis.fetch } = options;
  const { onLink = () => undefined, onError = () => undefined } = options;
  const of = { storage, edgeUrl, token: agentToken, source, store };
  return connectEdge({ ...of, nowMs, random, fetch, onLink, onError });
}
