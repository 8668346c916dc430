/**
 * Draining: items in order, from the inbox into profiles (`merged`).
 *
 * A round takes a fair share of each writer, finds the customer of each key, hands the updates to the profile shards
 * and moves each writer's mark over the items that are done, up to the first that is not. Running a round twice is
 * harmless: a shard knows an update that it has.
 */
import { type CustomerId, fragmentIdOf, type IdentityKey, writerOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { DirectoryPort } from "../directory/port.ts";
import { parseOwn } from "../own-json.ts";
import type { MergeOutcome, MergeUpdate, ProfilesPort } from "../profile/port.ts";
import { comesFast, isBehind, type TillHeads } from "./till-heads.ts";
import { customerOf, type Holders, holdersOf, rememberMove } from "./holders.ts";
import { type Lane, readLane } from "./lanes.ts";
import type { Marks } from "./marks.ts";
import { needStatement } from "./need.ts";
import { type IntakesPort, paidBy, type Paid, tellShops } from "./paid-orders.ts";

export type { IntakesPort };

export interface DrainDeps {
  readonly storage: Storage;
  readonly marks: Marks;
  readonly nowMs: () => number;
  readonly directory: Pick<DirectoryPort, "lookup" | "bind">;
  readonly profiles: ProfilesPort;
  readonly holders: Holders;
  readonly tillHeads: TillHeads;
  readonly intakes: IntakesPort;
}

export interface DrainResult {
  /** Whether any mark moved. */
  readonly moved: boolean;
  readonly waiting: boolean;
  /** All that it was about is of tills that are sending a backlog at this time. */
  readonly isStreaming: boolean;
}

interface WaitingItem {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly store: string | null;
  /** Behind it stands so much of its writer that nobody waits for the news of one sale (SYN7). */
  readonly isBacklog: boolean;
  /** And its till is sending more of it. */
  readonly isStreaming: boolean;
  readonly subject: readonly IdentityKey[];
  readonly updates: readonly FragmentUpdate[];
  /** The order of a shop that it pays. */
  readonly pays: Paid | null;
}

/** One update on its way, with the item that it belongs to. */
interface Sent {
  readonly item: WaitingItem;
  readonly merge: MergeUpdate;
}

export async function drainRound(deps: DrainDeps, lane: Lane): Promise<DrainResult> {
  const items = await readWaiting(deps, lane);
  if (items.length === 0) return { moved: false, waiting: false, isStreaming: false };
  const holders = await holdersOf(deps, items);
  const sent = items.flatMap((item) =>
    item.updates.map((update) => ({ item, merge: mergeOf(deps, item, update, holders) })),
  );
  const outcomes = await deps.profiles.merge(sent.map(({ merge }) => merge));
  const untold = await tellShops(deps, items);
  const { aside, merged } = settle(deps, items, sent, outcomes, untold);
  if (aside.length > 0) await deps.storage.write(aside);
  for (const { source, epoch, seq } of merged) moveMerged(deps.marks, { source, epoch }, seq);
  // What was set aside may be replayed from now on.
  if (aside.length > 0) await deps.marks.flush();
  const isStreaming = items.every((item) => item.isStreaming);
  return { moved: aside.length + merged.length > 0, waiting: true, isStreaming };
}

async function readWaiting(deps: DrainDeps, lane: Lane): Promise<WaitingItem[]> {
  let items = await readPage(deps, lane, new Map());
  if (lane === "closed" || !isBacklogAlone(deps)) return items;
  const read = new Map<string, number>();
  let page = items;
  while (page.length > 0 && items.length < LIMITS.drainBacklogItems && isRoomIn(items)) {
    for (const { source, epoch, seq } of page) read.set(writerOf(source, epoch), seq);
    page = await readPage(deps, lane, read);
    items = [...items, ...page];
  }
  return items;
}

/**
 * Whether nobody waits but tills that are far behind. Then a round is longer: the more of their sales are merged together, the
 * more of them are of the same customers, and the fewer commits all of them take.
 */
const isBacklogAlone = ({ marks, tillHeads }: DrainDeps): boolean =>
  marks
    .all()
    .filter(({ closed, accepted, merged }) => !closed && accepted > merged)
    .every((mark) => isBehind(tillHeads, mark));

/** Updates may be large; those of a round are in memory at the same time, here and in the shards. */
const isRoomIn = (items: readonly WaitingItem[]): boolean =>
  items.flatMap(({ updates }) => updates).reduce((bytes, { update }) => bytes + update.length, 0) <
  LIMITS.pushBytes;

/** `read`: how far pages before this one have come, by writer. */
async function readPage(
  { storage, marks, tillHeads }: Pick<DrainDeps, "storage" | "marks" | "tillHeads">,
  lane: Lane,
  read: ReadonlyMap<string, number>,
): Promise<WaitingItem[]> {
  const rows = await readLane(storage, marks, {
    mark: "merged",
    columns: `i.code, i.subject, i.updates,
       case when instr(i.body, '"shop":') then i.body end as paying`,
    lane,
    // A sale of now, whoever's, stands behind the round that is under way.
    itemsMax: lane === "live" ? LIMITS.drainItems : LIMITS.backlogItems,
    after: (mark) => read.get(writerOf(mark.source, mark.epoch)) ?? mark.merged,
  });
  return rows.map(({ mark, row }) => ({
    source: textOf(row, "source"),
    epoch: numberOf(row, "epoch"),
    seq: numberOf(row, "seq"),
    store: mark.listens ? mark.store : null,
    isBacklog: lane === "closed" || isBehind(tillHeads, mark),
    isStreaming: lane === "live" && comesFast(tillHeads, mark),
    subject: parseOwn<IdentityKey[]>(textOf(row, "subject")),
    // What is quarantined is kept whole and merged nowhere.
    updates: row["code"] === null ? parseOwn<FragmentUpdate[]>(textOf(row, "updates")) : [],
    pays: row["paying"] === null ? null : paidBy(textOf(row, "paying")),
  }));
}

function mergeOf(
  deps: DrainDeps,
  item: WaitingItem,
  update: FragmentUpdate,
  holders: ReadonlyMap<IdentityKey, CustomerId>,
): MergeUpdate {
  const { source, epoch, store, isBacklog: backlog } = item;
  const customer = customerOf(deps, holders, { source, epoch, key: update.key });
  return { ...update, customer, source, epoch, store, backlog };
}

/** Moves a mark over rows that are merged; another round may have come further. */
function moveMerged(
  marks: Marks,
  writer: Pick<WaitingItem, "source" | "epoch">,
  seq: number,
): void {
  const mark = marks.of(writer);
  if (mark && mark.merged < seq) marks.move(mark, { merged: seq });
}

interface Settled {
  /** Quarantine rows for updates that never will be merged. */
  readonly aside: readonly Statement[];
  /** The last item of each writer that is done, with all before it. */
  readonly merged: readonly WaitingItem[];
}

function settle(
  deps: DrainDeps,
  items: readonly WaitingItem[],
  sent: readonly Sent[],
  outcomes: readonly MergeOutcome[],
  untold: readonly WaitingItem[],
): Settled {
  const aside: Statement[] = [];
  const merged: WaitingItem[] = [];
  const unfinished = new Set<WaitingItem>(untold);
  for (const [at, { item, merge }] of sent.entries()) {
    const outcome = outcomes[at];
    if (outcome?.outcome === "merged") continue;
    if (outcome?.outcome === "refused") {
      aside.push(quarantineStatement(deps, item, merge, outcome.code));
      // What follows in that fragment could not be taken either: its writer sends it whole.
      if (outcome.code !== "fragment_too_large") aside.push(needStatement(deps, merge));
      continue;
    }
    if (outcome?.outcome === "moved") rememberMove(deps, merge, outcome);
    unfinished.add(item);
  }
  const byWriter = Map.groupBy(items, (item) => writerOf(item.source, item.epoch));
  for (const ofWriter of byWriter.values()) {
    const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item));
    const last = ofWriter.at(firstUnfinished === -1 ? -1 : firstUnfinished - 1);
    if (firstUnfinished === 0 || !last) continue;
    merged.push(last);
  }
  return { aside, merged };
}

function quarantineStatement(
  deps: DrainDeps,
  item: WaitingItem,
  merge: MergeUpdate,
  code: string,
): Statement {
  return {
    sql: `insert into quarantine (source, epoch, seq, fragment, code, at_ms, update_text, sha256)
          values (?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    args: [
      item.source,
      item.epoch,
      item.seq,
      fragmentIdOf(item.source, item.epoch, merge.key),
      code,
      deps.nowMs(),
      merge.update,
      merge.sha256,
    ],
  };
}
