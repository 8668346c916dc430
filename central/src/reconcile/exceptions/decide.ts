/**
 * What people do with an exception: assign, explain, approve, reject, reopen (REC2). Each is one write with its entry, its line in
 * the audit and the count of its day; made from an older version it is refused whole, and says who was there before.
 */
import { LIMITS } from "@regulars/shared/limits";
import { fail, ok, type Result } from "@regulars/shared/result";
import { rowsOf, type Statement, type Storage } from "@regulars/shared/storage/port";
import { auditStatement } from "../../access/audit.ts";
import type { Person } from "../../access/person.ts";
import { recountStatement } from "../store-day-state.ts";
import { type EntryAction, type ExceptionEntry, readEntries, readException } from "./read.ts";
import type { StoredException } from "./read.ts";

export type Decision =
  /** `to`: id of a person, or null for nobody. */
  | { readonly action: "assign"; readonly to: string | null }
  | { readonly action: "explain"; readonly note: string }
  | { readonly action: "approve"; readonly note?: string }
  | { readonly action: "reject"; readonly note: string }
  | { readonly action: "reopen"; readonly note: string };

export type DecisionRefusal =
  | { readonly why: "unknown_exception" }
  /** Decided by another version than the one that stands now; `last` is what made it. */
  | {
      readonly why: "conflict";
      readonly now: StoredException;
      readonly last: ExceptionEntry | null;
    }
  /** Whoever has explained it does not approve it. */
  | { readonly why: "same_person"; readonly now: StoredException }
  /** Nothing of the kind can be done in the state that it is in. */
  | { readonly why: "wrong_state"; readonly now: StoredException }
  | { readonly why: "note_missing"; readonly now: StoredException }
  | { readonly why: "note_too_long"; readonly now: StoredException }
  | { readonly why: "unknown_person"; readonly now: StoredException };

export interface DecideDeps {
  readonly storage: Storage;
  readonly nowMs: number;
}

/** In which states each may be done, and to which it leads; null: it stays in its state. */
export const STEPS = {
  assign: { from: ["open", "explained"], to: null, entry: "assigned" },
  explain: { from: ["open", "explained"], to: "explained", entry: "explained" },
  approve: { from: ["explained"], to: "approved", entry: "approved" },
  reject: { from: ["explained"], to: "open", entry: "rejected" },
  reopen: { from: ["approved", "settled"], to: "open", entry: "reopened" },
} as const satisfies Record<
  Decision["action"],
  {
    from: readonly StoredException["state"][];
    to: StoredException["state"] | null;
    entry: EntryAction;
  }
>;

/** Whether the step is open to the exception as it stands, whoever takes it. */
export const canTake = (action: Decision["action"], { state }: StoredException): boolean =>
  STEPS[action].from.some((from) => from === state);

/** `version` is the one that the person saw. */
export async function decideException(
  { storage, nowMs }: DecideDeps,
  person: Person,
  request: { readonly n: number; readonly version: number; readonly decision: Decision },
): Promise<Result<StoredException, DecisionRefusal>> {
  const { n, version, decision } = request;
  const now = await readException(storage, n);
  if (!now) return fail({ why: "unknown_exception" });
  if (now.version !== version) return fail(await conflictOf(storage, now));
  const refusal = await refusalOf(storage, person, now, decision);
  if (refusal) return fail(refusal);
  try {
    await storage.write(decisionStatements(person, now, decision, nowMs));
  } catch (error) {
    // Another write came between: its version made the guard fail, and nothing of this one stands.
    const meanwhile = await readException(storage, n);
    if (!meanwhile || meanwhile.version === version) throw error;
    return fail(await conflictOf(storage, meanwhile));
  }
  return ok(changed(person, now, decision, nowMs));
}

async function conflictOf(storage: Storage, now: StoredException): Promise<DecisionRefusal> {
  const [last = null] = await readEntries(storage, now.n, 1);
  return { why: "conflict", now, last };
}

async function refusalOf(
  storage: Storage,
  person: Person,
  now: StoredException,
  decision: Decision,
): Promise<DecisionRefusal | null> {
  if (!canTake(decision.action, now)) return { why: "wrong_state", now };
  if (decision.action === "approve" && now.explainedBy === person.id) {
    return { why: "same_person", now };
  }
  if (decision.action === "assign") {
    const isKnown =
      decision.to === null || decision.to === person.id || (await isPerson(storage, decision.to));
    return isKnown ? null : { why: "unknown_person", now };
  }
  const note = noteOf(decision);
  if (note === null && decision.action !== "approve") return { why: "note_missing", now };
  return (note ?? "").length > LIMITS.noteChars ? { why: "note_too_long", now } : null;
}

const isPerson = async (storage: Storage, id: string): Promise<boolean> =>
  (await rowsOf(storage, "select 1 from person where id = ? and disabled_ms is null", [id]))
    .length > 0;

/** Of an assignment, whom it is for. */
function noteOf(decision: Decision): string | null {
  if (decision.action === "assign") return decision.to;
  const note = (decision.note ?? "").trim();
  return note === "" ? null : note;
}

function changed(
  person: Person,
  now: StoredException,
  decision: Decision,
  nowMs: number,
): StoredException {
  const state = STEPS[decision.action].to ?? now.state;
  return {
    ...now,
    state,
    assignee: decision.action === "assign" ? decision.to : now.assignee,
    explainedBy:
      decision.action === "explain" ? person.id : state === "open" ? null : now.explainedBy,
    changedMs: nowMs,
    version: now.version + 1,
  };
}

function decisionStatements(
  person: Person,
  now: StoredException,
  decision: Decision,
  nowMs: number,
): Statement[] {
  const { state, assignee, explainedBy } = changed(person, now, decision, nowMs);
  const action = decision.action === "approve" ? "exceptions.approve" : "exceptions.work";
  return [
    {
      // Null where the version is another one: a column that may not be null takes the whole write back.
      sql: `update exception set version = case when version = ?2 then version + 1 end,
          state = ?3, assignee = ?4, explained_by = ?5, changed_ms = ?6 where n = ?1`,
      args: [now.n, now.version, state, assignee, explainedBy, nowMs],
    },
    {
      sql: `insert into exception_entry (exception, at_ms, by, action, note) values (?, ?, ?, ?, ?)`,
      args: [now.n, nowMs, person.id, STEPS[decision.action].entry, noteOf(decision)],
    },
    recountStatement(now.store, now.businessDay, nowMs),
    auditStatement({
      atMs: nowMs,
      by: person.id,
      action,
      target: `exception/${now.n}`,
      detail: { step: decision.action, from: now.state, to: state, version: now.version + 1 },
    }),
  ];
}
