/**
 * Profiles, compared shard by shard and page by page, for ever (GLD2). Whoever is the same on both sides costs a digest. The
 * others are looked at by themselves, and when they differ twice, with nothing on its way, that is a difference: it is filed,
 * mended, and compared again.
 */
import type { ComparedProfile } from "@regulars/shared/compare/messages";
import { type CustomerId, shardOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { type CentreSide, readCentre } from "./centre-side.ts";
import { cursorStatement, nextRound, PROFILES, readProfilesCursor } from "./cursor.ts";
import {
  fileStatements,
  readDifferences,
  repairedStatement,
  standingStatement,
} from "./differences.ts";
import type { CompareEdge } from "./port.ts";
import { type Broken, placeName, placesOf, planRepair, repair, type RepairDeps } from "./repair.ts";
import { createSuspects, type History, NO_HISTORY, type Suspect } from "./suspects.ts";
import { type Verdict, verdictOf, whatDiffers } from "./verdict.ts";

export interface CompareDeps extends RepairDeps {
  /** Between the two looks that make a difference. */
  readonly confirmMs: number;
}

/** `again`: there is more of this round. `rest`: it is over. `atMs`: suspects are due then, and the round is over. */
export type StepResult = "again" | "rest" | { readonly atMs: number };

export function createProfileComparing(deps: CompareDeps) {
  const suspects = createSuspects(deps.confirmMs);
  let isOpen = false;

  /** What stood when the process ended is looked at first. */
  async function open(): Promise<void> {
    if (isOpen) return;
    const standing = await readDifferences(deps.storage, standingStatement(LIMITS.compareSuspects));
    for (const { kind, subject, detail } of standing) {
      if (kind === "journal") continue;
      const { tries, ...history } = detail;
      suspects.put({ customer: subject, dueMs: 0, state: null, tries, history });
    }
    isOpen = true;
  }

  return {
    suspects: () => suspects.size(),
    async step(): Promise<StepResult> {
      await open();
      const due = suspects.due(deps.nowMs(), LIMITS.mendCustomers);
      if (due.length > 0) {
        await lookAgain(deps, suspects, due);
        return "again";
      }
      const differing = await comparePage(deps);
      for (const { customer, verdict } of await look(deps, differing.customers)) {
        if (verdict.is === "same" || suspects.get(customer)) continue;
        const state = verdict.is === "different" ? verdict.state : null;
        const dueMs = deps.nowMs() + deps.confirmMs;
        suspects.put({ customer, dueMs, state, tries: 0, history: NO_HISTORY });
      }
      if (!differing.isOver) return "again";
      const atMs = suspects.nextMs();
      return atMs === null ? "rest" : { atMs };
    },
  };
}

export type ProfileComparing = ReturnType<typeof createProfileComparing>;

/** The page under the cursor: who may differ in it. The cursor is moved in any case: those are remembered. */
async function comparePage({ storage, edge, nowMs }: CompareDeps) {
  const cursor = await readProfilesCursor(storage, nowMs());
  const { shard, after } = cursor;
  const page = await edge.profiles({ ...THIS_VERSION, shard, after });
  const held = await idsOfShard(storage, { after, to: page.next, shard, shards: page.shards });
  const profiles = page.profiles.filter(({ customer }) => customer <= (held.to ?? customer));
  const atEdge = new Map(profiles.map((each) => [each.customer, each]));
  const ids = [...new Set([...atEdge.keys(), ...held.ids])];
  const centre = await readInPages(storage, ids);
  const customers = ids.filter((id) => {
    const side = centre.get(id);
    return !side || whatDiffers(side, atEdge.get(id)).length > 0;
  });
  const isShardOver = held.to === null;
  const isOver = isShardOver && shard + 1 >= page.shards;
  const compared = cursor.compared + ids.length;
  const next = {
    ...cursor,
    compared,
    shard: isOver ? 0 : isShardOver ? shard + 1 : shard,
    after: held.to ?? "",
    ...(isOver ? nextRound(cursor, nowMs()) : {}),
  };
  await storage.write([cursorStatement(PROFILES, next)]);
  return { customers, isOver };
}

interface Stretch {
  readonly after: string;
  /** Null: to the end. */
  readonly to: string | null;
  readonly shard: number;
  readonly shards: number;
}

export const idsStatement = (after: string, to: string | null, max: number): Statement => ({
  sql: `select id from customer where id > ? and id <= ? and +redirect_to is null
        order by id limit ?`,
  args: [after, to ?? "d", max],
});

/** Active customers of the centre that the shard should have, up to `to`, or less far where there are too many to look through. */
async function idsOfShard(storage: Storage, { after, to, shard, shards }: Stretch) {
  const { sql, args = [] } = idsStatement(after, to, LIMITS.compareIds);
  const ids = (await rowsOf(storage, sql, [...args])).map((row) => textOf(row, "id"));
  const reached = ids.length < LIMITS.compareIds ? to : (ids.at(-1) ?? to);
  const own = ids.filter((id) => shardOf(id, shards) === shard);
  // A shard that has lost what it had is walked in pages as well.
  const cut = own[LIMITS.compareCustomers * 2 - 1];
  return cut === undefined
    ? { ids: own, to: reached }
    : { ids: own.filter((id) => id <= cut), to: cut };
}

async function readInPages(
  storage: Storage,
  ids: readonly CustomerId[],
): Promise<ReadonlyMap<CustomerId, CentreSide>> {
  const sides = new Map<CustomerId, CentreSide>();
  for (let at = 0; at < ids.length; at += LIMITS.compareCustomers) {
    const page = await readCentre(storage, ids.slice(at, at + LIMITS.compareCustomers));
    for (const [id, side] of page) sides.set(id, side);
  }
  return sides;
}

interface Looked {
  readonly customer: CustomerId;
  readonly verdict: Verdict;
  readonly centre: CentreSide;
  readonly edge: ComparedProfile | undefined;
}

/** Centre, edge, centre: by the two readings around the edge's answer it is known that nothing happened meanwhile. */
async function look(
  { storage, edge }: Pick<CompareDeps, "storage" | "edge">,
  customers: readonly CustomerId[],
): Promise<Looked[]> {
  const looked: Looked[] = [];
  for (let at = 0; at < customers.length; at += LIMITS.compareCustomers) {
    const ids = customers.slice(at, at + LIMITS.compareCustomers);
    const before = await readCentre(storage, ids);
    const { profiles } = await edge.profiles({ ...THIS_VERSION, customers: [...ids] });
    const atEdge = new Map(profiles.map((each) => [each.customer, each]));
    const after = await readCentre(storage, ids);
    for (const id of ids) {
      const [was, is] = [before.get(id), after.get(id)];
      if (!was || !is) continue;
      const verdict = verdictOf(was, atEdge.get(id), is);
      looked.push({ customer: id, verdict, centre: is, edge: atEdge.get(id) });
    }
  }
  return looked;
}

async function lookAgain(
  deps: CompareDeps,
  suspects: ReturnType<typeof createSuspects>,
  due: readonly Suspect[],
): Promise<void> {
  const nowMs = deps.nowMs();
  // Whatever fails now is tried again later.
  for (const each of due) suspects.put({ ...each, dueMs: nowMs + suspects.waitMs(each.tries) });
  const known = new Map(due.map((each) => [each.customer, each]));
  const confirmed: { broken: Broken; suspect: Suspect }[] = [];
  const filed: Statement[] = [];
  for (const { customer, verdict, centre, edge } of await look(deps, [...known.keys()])) {
    const suspect = known.get(customer);
    if (!suspect) continue;
    if (verdict.is === "same") {
      suspects.clear(customer);
      filed.push(repairedStatement(["profile", "golden"], customer, nowMs));
      continue;
    }
    const state = verdict.is === "different" ? verdict.state : null;
    const isMended = suspect.tries > 0;
    suspects.put({ ...suspect, state, dueMs: nowMs + suspects.waitMs(suspect.tries) });
    if (verdict.is === "busy" || (!isMended && verdict.state !== suspect.state)) continue;
    const broken: Broken = { centre, edge, what: verdict.what };
    confirmed.push({ broken, suspect: { ...suspect, state, tries: suspect.tries + 1 } });
  }
  if (confirmed.length === 0) return filed.length > 0 ? deps.storage.write(filed) : undefined;
  const elsewhere = await readPlaces(
    deps.edge,
    confirmed.map(({ broken }) => broken),
  );
  const planned = confirmed.map(({ broken, suspect }) => {
    const plan = planRepair(broken, elsewhere);
    const { what, done } = suspect.history;
    const history: History = {
      what: [...new Set([...what, ...broken.what])],
      done: [...new Set([...done, ...plan.done])],
    };
    filed.push(...differenceStatements(broken, { ...suspect, history }, nowMs));
    suspects.put({ ...suspect, history, dueMs: nowMs + suspects.waitMs(suspect.tries) });
    return { broken, plan };
  });
  await repair(deps, planned, filed);
}

function differenceStatements(
  { centre, edge, what }: Broken,
  { customer, tries, history }: Suspect,
  nowMs: number,
): Statement[] {
  const kind = what.every((each) => each === "golden_record") ? "golden" : "profile";
  const digests = { edge: edge?.digest ?? null, centre: centre.digest };
  const detail = { what: [...history.what], ...digests, done: [...history.done], tries };
  return fileStatements(kind, customer, detail, nowMs);
}

/** The fragments that the edge has with customers with whom it last said that it had some of these. */
async function readPlaces(
  edge: CompareEdge,
  broken: readonly Broken[],
): Promise<ReadonlySet<string>> {
  const places = [...new Set(broken.flatMap((each) => placesOf(each)))];
  const held = new Set<string>();
  for (let at = 0; at < places.length; at += LIMITS.compareCustomers) {
    const customers = places.slice(at, at + LIMITS.compareCustomers);
    const { profiles } = await edge.profiles({ ...THIS_VERSION, customers });
    for (const { customer, fragments = [] } of profiles) {
      for (const { id } of fragments) held.add(placeName(customer, id));
    }
  }
  return held;
}
