/** Tills and connectors: what the centre has of each, with what the edge says of it. */
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { EdgeSight, EdgeTerminal } from "../../watch/edge-watch.ts";
import { type Symptom, symptomsOf } from "./health.ts";
import { readWriters, type WriterState } from "../writers.ts";

/** One line per (source, store); its epochs are summed, the newest speaks for it. */
export interface Source {
  readonly source: string;
  readonly store: string;
  /** `till`, the kind of a connector's account, or null where the edge has not told. */
  readonly kind: string | null;
  readonly zone: string | null;
  readonly epochs: readonly WriterState[];
  readonly journaled: number;
  readonly golden: number;
  /** Rows that are durable at the edge; null where it has not told. */
  readonly atEdge: number | null;
  readonly waitingSinceMs: number | null;
  readonly lastSeenMs: number | null;
  /** How far its clock was ahead of the edge's at its last push. */
  readonly clockOffsetMs: number | null;
  readonly forks: number;
  readonly refused: number;
  readonly quarantined: number;
  /** How often another life of its journal was turned away. */
  readonly fenced: number;
  /** Of what it last spoke: versions of the conversation, and of what events hold. */
  readonly protocol: number | null;
  readonly schema: number | null;
  readonly enrolledAt: string | null;
  readonly revokedAt: string | null;
  readonly expiredKeys: number;
  /** How it stands, the worst first. */
  readonly symptoms: readonly Symptom[];
}
export type Unjudged = Omit<Source, "symptoms">;

const STORES_MAX = 1_000;

export async function readSources(
  storage: Storage,
  sight: EdgeSight,
  nowMs: number,
): Promise<Source[]> {
  const { writers } = await readWriters(storage, { after: "", limit: STORES_MAX });
  return sourcesOf(writers, sight, nowMs);
}

/** Of one source alone. */
export async function readSource(
  storage: Storage,
  source: string,
  { sight, nowMs }: { readonly sight: EdgeSight; readonly nowMs: number },
): Promise<Source[]> {
  const [stores = []] = await storage.read([
    { sql: "select distinct store from writer where source = ?", args: [source] },
  ]);
  const all: WriterState[] = [];
  for (const row of stores) {
    const store = textOf(row, "store");
    const { writers } = await readWriters(storage, { only: store });
    all.push(...writers.filter((each) => each.source === source));
  }
  return sourcesOf(all, sight, nowMs).filter((each) => each.source === source);
}

export function sourcesOf(
  writers: readonly WriterState[],
  sight: EdgeSight,
  nowMs: number,
): Source[] {
  const known = [
    ...Map.groupBy(writers, ({ store, source }) => `${store}/${source}`).values(),
  ].flatMap((epochs) => {
    const [first] = epochs;
    return first ? [{ store: first.store, source: first.source, epochs }] : [];
  });
  const names = new Set(known.map(({ source }) => source));
  const quiet = [
    ...sight.tills.map(({ source, store }) => ({ source, store })),
    ...sight.accounts.map(({ id, shop }) => ({ source: id, store: shop })),
  ].flatMap((each) => (names.has(each.source) ? [] : [{ ...each, epochs: [] }]));
  return [...known, ...quiet].map((each) => {
    const source = sourceOf(each, sight, nowMs);
    return { ...source, symptoms: symptomsOf(source, nowMs) };
  });
}

interface Known {
  readonly store: string;
  readonly source: string;
  readonly epochs: readonly WriterState[];
}

function sourceOf({ store, source, epochs }: Known, sight: EdgeSight, nowMs: number): Unjudged {
  const terminals = (sight.stores.get(store)?.terminals ?? []).filter(
    (terminal) => terminal.source === source,
  );
  const newest = terminals.toSorted((a, b) => b.epoch - a.epoch)[0];
  const till = sight.tills.find((each) => each.source === source && each.store === store);
  const account = sight.accounts.find(({ id }) => id === source);
  const keys = account?.keys ?? [];
  return {
    store,
    source,
    epochs,
    kind: till ? "till" : (account?.kind ?? null),
    zone: epochs.at(-1)?.zone ?? null,
    journaled: sumOf(epochs, ({ journaled }) => journaled),
    golden: sumOf(epochs, ({ golden }) => golden),
    atEdge: terminals.length === 0 ? null : sumOf(terminals, ({ accepted }) => accepted),
    waitingSinceMs: oldestOf([
      ...epochs.map(({ waitingSinceMs }) => waitingSinceMs),
      ...terminals.map(({ notGoldenSinceMs }) => notGoldenSinceMs),
    ]),
    lastSeenMs: newestOf([...epochs, ...terminals].map(({ lastSeenMs }) => lastSeenMs)),
    clockOffsetMs: newest?.clockOffsetMs ?? null,
    forks: Math.max(
      sumOf(epochs, ({ forks }) => forks),
      sumOf(terminals, ({ forks }) => forks),
    ),
    refused: sumOf(epochs, ({ refused }) => refused),
    quarantined: sumOf(epochs, ({ quarantined }) => quarantined),
    fenced: sumOf(terminals, ({ fenced }) => fenced),
    ...versionsOf(newest),
    enrolledAt: till?.enrolledAt ?? null,
    revokedAt: till?.revokedAt ?? null,
    expiredKeys: keys.filter(
      ({ expiresAt }) => expiresAt !== null && Date.parse(expiresAt) <= nowMs,
    ).length,
  };
}

const versionsOf = (terminal: EdgeTerminal | undefined) => ({
  protocol: terminal?.protocol ?? null,
  schema: terminal?.schema ?? null,
});

const sumOf = <Of>(all: readonly Of[], of: (each: Of) => number): number =>
  all.reduce((sum, each) => sum + of(each), 0);

function oldestOf(times: readonly (number | null)[]): number | null {
  const known = times.flatMap((time) => time ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

const newestOf = (times: readonly number[]): number | null =>
  times.length === 0 ? null : Math.max(...times);

/** What of it was kept and not used: numbers and reasons, no payload. */
export interface Aside {
  readonly epoch: number;
  /** Number of the row, or null of what has none. */
  readonly seq: number | null;
  readonly store: string | null;
  readonly day: string | null;
  readonly code: string;
  readonly sinceMs: number;
}

const ASIDE_MAX = 200;

export const problemsOfSource = (source: string): Statement => ({
  sql: `select epoch, item, code, received_ms from intake_problem where source = ?
        order by n desc limit ?`,
  args: [source, ASIDE_MAX],
});

export const quarantinedOfSource = (source: string): Statement => ({
  sql: `select epoch, seq, store, business_day, quarantined as code, received_ms
        from event indexed by event_quarantined
        where source = ? and quarantined is not null order by epoch desc, seq desc limit ?`,
  args: [source, ASIDE_MAX],
});

export async function readAside(storage: Storage, source: string): Promise<Aside[]> {
  const [problems = [], rows = []] = await storage.read([
    problemsOfSource(source),
    quarantinedOfSource(source),
  ]);
  const refused = problems.map((row): Aside => ({
    ...sharedOf(row),
    // An item that is no number is an identity key, and stays where it is.
    seq: /^\d{1,16}$/.test(textOf(row, "item")) ? Number(row["item"]) : null,
    store: null,
    day: null,
  }));
  const kept = rows.map((row): Aside => ({
    ...sharedOf(row),
    seq: numberOf(row, "seq"),
    store: textOf(row, "store"),
    day: row["business_day"] === null ? null : textOf(row, "business_day"),
  }));
  return [...refused, ...kept].toSorted((a, b) => b.sinceMs - a.sinceMs);
}

const sharedOf = (row: Row) => ({
  epoch: numberOf(row, "epoch"),
  code: textOf(row, "code"),
  sinceMs: numberOf(row, "received_ms"),
});
