/**
 * Replaying what is in quarantine (SYN6): rows that an older build could not read, and updates that could not be taken
 * when they came. Updates are merged first and the rows let go in one write afterwards. Stopped anywhere, it is asked
 * for again: a shard knows an update that it has.
 */
import { chainHash } from "@regulars/shared/events/chain";
import { fragmentIdOf, type IdentityKey, parseFragmentId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { FragmentUpdate } from "@regulars/shared/protocol/item";
import { type Place, placeText } from "@regulars/shared/quarantine";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { MergeOutcome, MergeUpdate, ProfilesPort } from "../profile/port.ts";
import { itemIdSql } from "./item-id.ts";
import { readItem } from "./accept.ts";
import { customerOf, holdersOf, type HoldersDeps, rememberMove } from "./holders.ts";
import { needStatement } from "./need.ts";

export interface ReplayAsk {
  readonly source: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  /** The last row of the page before. */
  readonly after: Place | null;
  readonly max: number;
}

export interface ReplayedPage {
  readonly replayed: number;
  readonly kept: number;
  /** The last row of this page, where there are more. */
  readonly next: Place | null;
}

export interface ReplayDeps extends HoldersDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly profiles: ProfilesPort;
}

/** One number of a journal, with all that is set aside under it. */
interface AsideRow extends Place {
  readonly store: string | null;
  /** The event as today's reader finds it; null where it was never set aside. */
  readonly event: {
    readonly isReadable: boolean;
    readonly subject: readonly IdentityKey[];
    readonly updates: readonly FragmentUpdate[];
  } | null;
  /** Updates of its that were refused; one whose bytes nothing vouches for is not tried again. */
  readonly refused: readonly {
    readonly key: IdentityKey;
    readonly update: FragmentUpdate | null;
  }[];
}

export async function replayPage(deps: ReplayDeps, ask: ReplayAsk): Promise<ReplayedPage> {
  const places = await readPlaces(deps.storage, ask);
  const rows = await readRows(deps.storage, places.slice(0, ask.max));
  const outcomes = await mergeInOrder(deps, rows);
  const statements: Statement[] = [];
  let replayed = 0;
  for (const row of rows) {
    const open = settle(deps, row, outcomes, statements);
    if (open === 0) replayed += 1;
  }
  await deps.storage.write(statements);
  const next = places.length > ask.max ? (places[ask.max - 1] ?? null) : null;
  return { replayed, kept: rows.length - replayed, next };
}

/** One more than fits. A row that its mark has not passed is left to the drain, which is about to. */
async function readPlaces(storage: Storage, ask: ReplayAsk): Promise<Place[]> {
  const { source, epoch, seq, after, max } = ask;
  const rows = await rowsOf(
    storage,
    `select source, epoch, seq from (
       select i.source, i.epoch, i.seq from item i
         join mark m on m.source = i.source and m.epoch = i.epoch
         where i.code is not null and i.seq <= m.merged
       union select source, epoch, seq from quarantine)
     where (?1 is null or source = ?1) and (?2 is null or epoch = ?2) and (?3 is null or seq = ?3)
       and (source, epoch, seq) > (?4, ?5, ?6) order by source, epoch, seq limit ?7`,
    [source, epoch, seq, after?.source ?? "", after?.epoch ?? 0, after?.seq ?? 0, max + 1],
  );
  return rows.map((row) => placeOf(row));
}

const placeOf = (row: Row): Place => ({
  source: textOf(row, "source"),
  epoch: numberOf(row, "epoch"),
  seq: numberOf(row, "seq"),
});

async function readRows(storage: Storage, places: readonly Place[]): Promise<AsideRow[]> {
  const args = [JSON.stringify(places.map(({ source, epoch, seq }) => [source, epoch, seq]))];
  const [items = [], refused = []] = await storage.read([
    {
      sql: `select case when m.listens then m.store end as store, t.source, t.epoch, t.seq, t.prev, t.hash, t.code, t.body, t.updates
            from json_each(?) k join mark m on m.source = k.value ->> 0 and m.epoch = k.value ->> 1
              join item t on t.id = ${itemIdSql("m.n", "(k.value ->> 2)")}`,
      args,
    },
    {
      sql: `select t.source, t.epoch, t.seq, t.fragment, t.update_text, t.sha256
            from json_each(?) k join quarantine t on t.source = k.value ->> 0
              and t.epoch = k.value ->> 1 and t.seq = k.value ->> 2 order by t.fragment`,
      args,
    },
  ]);
  const itemByKey = new Map(items.map((row) => [placeText(placeOf(row)), row]));
  const refusedByKey = Map.groupBy(refused, (row) => placeText(placeOf(row)));
  return places.flatMap((place) => {
    const item = itemByKey.get(placeText(place));
    if (!item) return []; // given up meanwhile, and asked for again
    return {
      ...place,
      store: item["store"] === null ? null : textOf(item, "store"),
      event: item["code"] === null ? null : eventOf(place, item),
      refused: (refusedByKey.get(placeText(place)) ?? []).map((row) => refusedOf(row)),
    };
  });
}

function eventOf(place: Place, row: Row): NonNullable<AsideRow["event"]> {
  const [prev, hash, body] = [textOf(row, "prev"), textOf(row, "hash"), textOf(row, "body")];
  const updates = parseOwn<FragmentUpdate[]>(textOf(row, "updates"));
  const { subject, code } = readItem(place, { seq: place.seq, prev, hash, body, updates: [] });
  // Hashed once more: it may have lain here for long (SYN5).
  const isReadable = code === null && chainHash(prev, body) === hash;
  return { isReadable, subject, updates };
}

function refusedOf(row: Row): AsideRow["refused"][number] {
  const { key } = parseFragmentId(textOf(row, "fragment"));
  const { sha256, update_text: update } = row;
  const isVouched = typeof sha256 === "string" && typeof update === "string";
  return { key, update: isVouched ? { key, update, sha256 } : null };
}

type Outcomes = ReadonlyMap<FragmentUpdate, MergeOutcome>;

const updatesOf = ({ event, refused }: AsideRow): FragmentUpdate[] => [
  ...(event?.isReadable ? event.updates : []),
  ...refused.flatMap(({ update }) => update ?? []),
];

/** All of the page in the order of the journal; what has moved away is asked for where it lives now. */
async function mergeInOrder(deps: ReplayDeps, rows: readonly AsideRow[]): Promise<Outcomes> {
  const outcomes = new Map<FragmentUpdate, MergeOutcome>();
  for (let hop = 0; hop < LIMITS.redirectHops; hop++) {
    const open = rows.flatMap((row) =>
      updatesOf(row)
        .filter((update) => (outcomes.get(update)?.outcome ?? "moved") === "moved")
        .map((update) => ({ row, update })),
    );
    if (open.length === 0) break;
    const holders = await holdersOf(
      deps,
      open.map(({ row, update }) => ({ subject: row.event?.subject ?? [], updates: [update] })),
    );
    const merges = open.map(({ row: { source, epoch, store }, update }): MergeUpdate => {
      const customer = customerOf(deps, holders, { source, epoch, key: update.key });
      return { ...update, customer, source, epoch, store };
    });
    const answers = await deps.profiles.merge(merges);
    for (const [at, { row, update }] of open.entries()) {
      const outcome = answers[at] ?? { outcome: "busy" };
      outcomes.set(update, outcome);
      if (outcome.outcome === "moved") rememberMove(deps, { ...row, key: update.key }, outcome);
    }
  }
  return outcomes;
}

/** Adds what of the row can be let go, and what is asked for instead; answers how many parts of it stay. */
function settle(
  deps: ReplayDeps,
  row: AsideRow,
  outcomes: Outcomes,
  statements: Statement[],
): number {
  const { source, epoch, seq, event, refused } = row;
  const isMerged = (update: FragmentUpdate): boolean => outcomes.get(update)?.outcome === "merged";
  const needed = new Set<IdentityKey>();
  let open = 0;
  if (event?.isReadable && event.updates.every((update) => isMerged(update))) {
    statements.push(...releaseStatements(row, event.subject));
  } else if (event) open += 1;
  for (const update of event?.isReadable ? event.updates : []) {
    if (isAskedFor(outcomes.get(update))) needed.add(update.key);
  }
  for (const { key, update } of refused) {
    if (update && isMerged(update)) {
      statements.push({
        sql: "delete from quarantine where source = ? and epoch = ? and seq = ? and fragment = ?",
        args: [source, epoch, seq, fragmentIdOf(source, epoch, key)],
      });
      continue;
    }
    open += 1;
    if (update === null || isAskedFor(outcomes.get(update))) needed.add(key);
  }
  for (const key of needed) statements.push(needStatement(deps, { source, epoch, key }));
  return open;
}

/** What cannot be taken alone comes with the whole, unless that is what is too large. */
const isAskedFor = (outcome: MergeOutcome | undefined): boolean =>
  outcome?.outcome === "refused" && outcome.code !== "fragment_too_large";

function releaseStatements({ source, epoch, seq }: Place, subject: readonly string[]): Statement[] {
  return [
    {
      sql: `update item set code = null, subject = ?1 where id = (
              select ${itemIdSql("n", "?4")} from mark where source = ?2 and epoch = ?3)`,
      args: [JSON.stringify(subject), source, epoch, seq],
    },
    {
      sql: "insert into redelivery (source, epoch, seq) values (?, ?, ?) on conflict do nothing",
      args: [source, epoch, seq],
    },
  ];
}
