/** Captures that arrived together: decided one after the other, committed in one write, answered apart. */
import { hash } from "node:crypto";
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { ArchiveReader } from "../archive/archive.ts";
import type { HighWaterMark } from "../db/high-water.ts";
import type { OwnFragments } from "../fragments/own-fragments.ts";
import { findReceipt, findRepeated, type FoundRow, type JournalDeps } from "../journal/find.ts";
import { journalStatement } from "../journal/row.ts";
import { nextReceipt, writerStatement } from "../journal/writer.ts";
import { openStatements, rowStatements } from "../shift/drawer-rows.ts";
import { loadOwnHeads } from "../shift/own-heads.ts";
import { answerOf, type CaptureAnswer } from "./answer.ts";
import { draftEvents } from "@regulars/shared/capture/draft-events";
import type { Draft, Voidable } from "@regulars/shared/capture/draft";
import type { CaptureInput } from "@regulars/shared/capture/input";
import { type JournalRow, type Place, seal, type WriterState } from "@regulars/shared/capture/seal";
import type { CustomerPart } from "@regulars/shared/capture/read-customer";
import { tooMuch } from "@regulars/shared/capture/shift-draft";
import type { Head } from "@regulars/shared/events/seal";
import { advance, type Drawer, isCountable } from "@regulars/shared/shift/drawer";

export interface GroupDeps {
  readonly storage: Storage;
  readonly archive: ArchiveReader;
  readonly nowMs: () => number;
  /** How far this clock is ahead, as far as it is known (CLK2). */
  readonly offsetMs: () => number;
  readonly highWater: Pick<HighWaterMark, "raise">;
  readonly place: Place;
  readonly currency: string;
  readonly identity: IdentityOptions;
  readonly isOnline: () => boolean;
}

export interface GroupMember {
  readonly input: CaptureInput;
  readonly customer: CustomerPart;
}

/** What is known in memory, equal to the database between commits. */
export interface Memory extends Standing {
  readonly fragments: OwnFragments;
}

/** Where journal and drawer stand. */
export interface Standing {
  readonly writer: WriterState;
  readonly drawer: Drawer;
}

/** The state in which the next member of the group finds the journal. */
interface Turn {
  readonly deps: GroupDeps;
  readonly fragments: OwnFragments;
  readonly voidable: Voidable | null;
  readonly ownHeads: readonly Head[];
  readonly nowMs: number;
  readonly offsetMs: number;
  readonly online: boolean;
}

export async function commitGroup(
  deps: GroupDeps,
  { fragments, ...before }: Memory,
  group: readonly GroupMember[],
): Promise<{ readonly standing: Standing; readonly answers: Result<CaptureAnswer, Problem>[] }> {
  const { repeated, voidable, ownHeads } = await findEarlier(deps, group);
  await fragments.load([
    ...group.flatMap(({ customer }) => customer.keys.slice(0, 1)),
    ...(voidable?.subject.slice(0, 1) ?? []),
  ]);
  const turn: Turn = {
    deps,
    fragments,
    voidable,
    ownHeads,
    nowMs: deps.nowMs(),
    offsetMs: deps.offsetMs(),
    online: deps.isOnline(),
  };
  let standing: Standing = before;
  const statements: Statement[] = [];
  const answers = group.map(({ input, customer }): Result<CaptureAnswer, Problem> => {
    const key = input.idempotencyKey;
    const earlier = key === undefined ? undefined : repeated.get(key);
    if (earlier) return ok(answerOf(earlier, true));
    const rows = makeRows(turn, standing, input, customer);
    if (!rows.ok) return rows;
    const { first, statements: more } = appendRows(turn, rows.value, key);
    statements.push(...more, ...rows.value.ofDrawer);
    standing = rows.value;
    if (key !== undefined) repeated.set(key, first);
    return ok(answerOf(first, false));
  });
  if (statements.length > 0) {
    const { writer, drawer } = standing;
    const ofState = [...openStatements(before.drawer, drawer), writerStatement(writer)];
    await deps.storage.write([...statements, ...fragments.statements(), ...ofState]);
    const { epoch, seq, receipts } = writer;
    const { shifts, seals } = drawer;
    deps.highWater.raise({ source: deps.place.source, epoch, seq, receipts, shifts, seals });
  }
  fragments.committed();
  return { standing, answers };
}

interface Earlier {
  readonly repeated: Map<string, FoundRow>;
  readonly voidable: Voidable | null;
  readonly ownHeads: readonly Head[];
}

async function findEarlier(
  deps: JournalDeps & Pick<GroupDeps, "place">,
  group: readonly GroupMember[],
): Promise<Earlier> {
  const keys = group.flatMap(({ input }) => input.idempotencyKey ?? []);
  const repeated = await findRepeated(deps, keys);
  // A group has at most one of these, as its first member.
  const first = group[0]?.input;
  const { storage, place } = deps;
  return {
    repeated,
    voidable: first?.kind === "void" ? await findReceipt(deps, first.voids) : null,
    ownHeads:
      first?.kind === "seal" ? await loadOwnHeads(storage, place.source, first.businessDay) : [],
  };
}

interface SealedRows extends Standing {
  readonly rows: readonly JournalRow[];
  /** What the rows change in the drawer's tables. */
  readonly ofDrawer: readonly Statement[];
}

const sha256Hex = (text: string): string => hash("sha256", text);

/** Decides and seals; nothing is recorded yet, so a refusal leaves no trace. */
function makeRows(
  { deps, fragments, voidable, ownHeads, nowMs, offsetMs }: Turn,
  before: Standing,
  input: CaptureInput,
  customer: CustomerPart,
): Result<SealedRows, Problem> {
  const [key] = customer.keys;
  const { source, store } = deps.place;
  const drafts = draftEvents(input, customer, {
    nowMs,
    zone: deps.place.zone,
    currency: deps.currency,
    receipt: nextReceipt(source, before.writer),
    ownClaims: key === undefined ? {} : fragments.claimsOf(key),
    ownTraits: key === undefined ? {} : fragments.traitsOf(key),
    voidable,
    till: { source, drawer: before.drawer, ownHeads },
  });
  if (!drafts.ok) return drafts;
  let { writer, drawer } = before;
  const ofDrawer: Statement[] = [];
  const rows = drafts.value.map((draft) => {
    const sealed = seal(
      writer,
      flagClock(draft, offsetMs),
      deps.place,
      nowMs - offsetMs,
      sha256Hex,
    );
    const { event } = sealed.row;
    ofDrawer.push(...rowStatements(event, drawer, { store, nowMs }));
    writer = sealed.writer;
    drawer = advance(drawer, event);
    return sealed.row;
  });
  if (rows.some(({ body }) => body.length > LIMITS.eventBytes)) return fail(problemOf("too_large"));
  if (drawer.open && !isCountable(drawer.open.figures)) return tooMuch("lines");
  return ok({ writer, drawer, rows, ofDrawer });
}

/** The stamp is corrected by what is known of the clock; `at` and the business day stay what the terminal showed. */
function flagClock(draft: Draft, offsetMs: number): Draft {
  if (Math.abs(offsetMs) <= LIMITS.clockAheadMs) return draft;
  return { ...draft, flags: [...new Set([...draft.flags, "clock_off"])] };
}

function appendRows(
  { fragments, nowMs, online }: Turn,
  { rows }: SealedRows,
  idempotencyKey: string | undefined,
): { readonly first: JournalRow; readonly statements: Statement[] } {
  const [first] = rows;
  if (!first) throw new Error("a capture made no event");
  const statements = rows.flatMap((row) => {
    const own = row === first ? idempotencyKey : undefined;
    const update = fragments.record(row.event);
    const journal = journalStatement(row, { ms: nowMs, online, idempotencyKey: own });
    return update ? [journal, outboxStatement(row, update)] : [journal];
  });
  return { first, statements };
}

const outboxStatement = ({ event }: JournalRow, update: object): Statement => ({
  sql: "insert into outbox (epoch, seq, updates) values (?, ?, ?)",
  args: [event.epoch, event.seq, JSON.stringify([update])],
});
