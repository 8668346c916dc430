/**
 * Draining: items in order, from the inbox into profiles (`merged`).
 *
 * A round takes a fair share of each writer, finds the customer of each key, hands the updates to the profile shards
 * and moves each writer's mark over the items that are done, up to the first that is not. Running a round twice is
 * harmless: a shard knows an update that it has.
 */
import {
  customerIdOf,
  type CustomerId,
  fragmentIdOf,
  type IdentityKey,
  writerOf,
} from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import {
  numberOf,
  rowsOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { DirectoryPort } from "../directory/port.ts";
import { parseOwn } from "../own-json.ts";
import type { MergeOutcome, MergeUpdate, ProfilesPort } from "../profile/port.ts";

export interface DrainDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly directory: DirectoryPort;
  readonly profiles: ProfilesPort;
  /** What the directory last said; wrong entries are put right by a shard that answers `moved`. */
  readonly holders: Map<IdentityKey, CustomerId>;
}

export interface DrainResult {
  /** Whether any mark moved. */
  readonly moved: boolean;
  readonly waiting: boolean;
}

interface WaitingItem {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly store: string;
  readonly subject: readonly IdentityKey[];
  readonly updates: readonly FragmentUpdate[];
}

/** One update on its way, with the item that it belongs to. */
interface Sent {
  readonly item: WaitingItem;
  readonly merge: MergeUpdate;
}

export async function drainRound(deps: DrainDeps): Promise<DrainResult> {
  const items = await readWaiting(deps.storage);
  if (items.length === 0) return { moved: false, waiting: false };
  const holders = await holdersOf(deps, items);
  const sent = items.flatMap((item) =>
    item.updates.map((update) => ({ item, merge: mergeOf(item, update, holders) })),
  );
  const outcomes = await deps.profiles.merge(sent.map(({ merge }) => merge));
  const statements = settle(deps, items, sent, outcomes);
  await deps.storage.write(statements);
  return { moved: statements.length > 0, waiting: true };
}

async function readWaiting(storage: Storage): Promise<WaitingItem[]> {
  const rows = await rowsOf(
    storage,
    `select m.store, i.source, i.epoch, i.seq, i.subject, i.updates
     from mark m join item i on i.source = m.source and i.epoch = m.epoch
       and i.seq > m.merged and i.seq <= m.merged + ?
     where m.accepted > m.merged order by i.source, i.epoch, i.seq limit ?`,
    [LIMITS.drainItemsPerWriter, LIMITS.drainItems],
  );
  return rows.map((row: Row) => ({
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    store: textOf(row, "store"),
    subject: parseOwn<IdentityKey[]>(textOf(row, "subject")),
    updates: parseOwn<FragmentUpdate[]>(textOf(row, "updates")),
  }));
}

/** Who holds each key; keys that nobody holds are bound to the customer that they arrived with (EDG1). */
async function holdersOf(
  deps: DrainDeps,
  items: readonly WaitingItem[],
): Promise<ReadonlyMap<IdentityKey, CustomerId>> {
  const { directory, holders } = deps;
  const keys = new Set(items.flatMap((item) => keysOf(item)));
  const unknown = [...keys].filter((key) => !holders.has(key));
  if (unknown.length > 0) remember(holders, await directory.lookup(unknown));
  const found = new Map<IdentityKey, CustomerId>();
  for (const key of keys) {
    const customer = holders.get(key);
    if (customer) found.set(key, customer);
  }
  const wanted = new Map<IdentityKey, CustomerId>();
  for (const item of items) {
    const itemKeys = keysOf(item);
    const free = itemKeys.filter((key) => !found.has(key));
    const [primary] = itemKeys;
    if (free.length === 0 || primary === undefined) continue;
    const held = itemKeys.map((key) => found.get(key)).find((customer) => customer !== undefined);
    const customer = held ?? customerIdOf(primary);
    for (const key of free) {
      wanted.set(key, customer);
      found.set(key, customer);
    }
  }
  if (wanted.size > 0) {
    const bound = await directory.bind([...wanted].map(([key, customer]) => ({ key, customer })));
    remember(holders, bound);
    for (const [key, customer] of bound) found.set(key, customer);
  }
  return found;
}

const keysOf = (item: WaitingItem): IdentityKey[] => [
  ...new Set([...item.updates.map((update) => update.key), ...item.subject]),
];

function remember(
  holders: Map<IdentityKey, CustomerId>,
  bindings: ReadonlyMap<IdentityKey, CustomerId>,
): void {
  for (const [key, customer] of bindings) holders.set(key, customer);
  for (const key of holders.keys()) {
    if (holders.size <= LIMITS.knownHolders) break;
    holders.delete(key); // oldest first: a Map keeps the order of insertion
  }
}

function mergeOf(
  item: WaitingItem,
  update: FragmentUpdate,
  holders: ReadonlyMap<IdentityKey, CustomerId>,
): MergeUpdate {
  const customer = holders.get(update.key);
  if (customer === undefined) throw new Error("a key of an update was left without a holder");
  return { ...update, customer, source: item.source, epoch: item.epoch, store: item.store };
}

/** Marks over the items that are done; quarantine rows for updates that never will be. */
function settle(
  deps: DrainDeps,
  items: readonly WaitingItem[],
  sent: readonly Sent[],
  outcomes: readonly MergeOutcome[],
): Statement[] {
  const statements: Statement[] = [];
  const unfinished = new Set<WaitingItem>();
  for (const [at, { item, merge }] of sent.entries()) {
    const outcome = outcomes[at];
    if (outcome?.outcome === "merged") continue;
    if (outcome?.outcome === "refused") {
      statements.push(quarantineStatement(deps, item, merge, outcome.code));
      continue;
    }
    if (outcome?.outcome === "moved") deps.holders.set(merge.key, outcome.to);
    unfinished.add(item);
  }
  const byWriter = Map.groupBy(items, (item) => writerOf(item.source, item.epoch));
  for (const ofWriter of byWriter.values()) {
    const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item));
    const last = ofWriter.at(firstUnfinished === -1 ? -1 : firstUnfinished - 1);
    if (firstUnfinished === 0 || !last) continue;
    statements.push({
      sql: "update mark set merged = ? where source = ? and epoch = ? and merged < ?",
      args: [last.seq, last.source, last.epoch, last.seq],
    });
  }
  return statements;
}

function quarantineStatement(
  deps: DrainDeps,
  item: WaitingItem,
  merge: MergeUpdate,
  code: string,
): Statement {
  return {
    sql: `insert into quarantine (source, epoch, seq, fragment, code, at_ms, update_text)
          values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    args: [
      item.source,
      item.epoch,
      item.seq,
      fragmentIdOf(item.source, item.epoch, merge.key),
      code,
      deps.nowMs(),
      merge.update,
    ],
  };
}
