/**
 * Stewards' decisions, with all their effects in one write: links, clusters, customers, golden records, and what the edge and
 * the feed are told. A decision names source records, and an undone one leaves nothing behind but itself: what is stored then
 * is what would be if it had never been taken.
 */
import { stampOf } from "@regulars/shared/clock";
import type { CustomerId } from "@regulars/shared/ids";
import { fail, ok, type Result } from "@regulars/shared/result";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { ignoreOf, pinOf, type PendingOverrides } from "../golden/overrides.ts";
import { ignoreStatements, pinStatements, undoStatements } from "../golden/overrides.ts";
import { recomputeCustomers } from "../golden/recompute.ts";
import type { FragmentRules } from "../intake/take-fragments.ts";
import {
  customersOf,
  decisionStatement,
  planLink,
  planUndo,
  readStanding,
  recordsOfText,
  type Refusal,
  type StewardDeps,
  textOfRequest,
  undoneStatement,
} from "./plan.ts";
import type { DecisionRequest, FieldRequest, LinkRequest } from "./requests.ts";

export interface Decided {
  readonly id: string;
  /** False when it had been taken already. */
  readonly isNew: boolean;
  /** Whose the records are now that it names. */
  readonly customers: readonly CustomerId[];
}

/** Not to be run beside an intake: what is read decides what is written. `also` goes into the same write. */
export async function decide(
  deps: StewardDeps,
  request: DecisionRequest,
  also: readonly Statement[] = [],
): Promise<Result<Decided, Refusal>> {
  const [known] = await rowsOf(
    deps.storage,
    "select a, b, request from steward_decision where id = ?",
    [request.id],
  );
  if (known) {
    if (textOf(known, "request") !== textOfRequest(request)) return fail("conflict");
    const records = [textOf(known, "a"), textOf(known, "b")].flatMap(recordsOfText);
    const customers = await customersOf(deps.storage, records);
    return ok({ id: request.id, isNew: false, customers });
  }
  return request.kind === "same" || request.kind === "different"
    ? decideLink(deps, request, also)
    : decideField(deps, request, also);
}

async function decideLink(
  deps: StewardDeps,
  request: LinkRequest,
  also: readonly Statement[],
): Promise<Result<Decided, Refusal>> {
  const plan = await planLink(deps, request);
  if (!plan.ok) return plan;
  const { statements, customers } = plan.value;
  await deps.storage.write([...statements, ...also]);
  return ok({ id: request.id, isNew: true, customers });
}

async function decideField(
  { storage, rules: { policy }, nowMs }: StewardDeps,
  request: FieldRequest,
  also: readonly Statement[],
): Promise<Result<Decided, Refusal>> {
  const { id, record, field, by } = request;
  const customers = await customersOf(storage, [record]);
  if (customers.length === 0) return fail("unknown_record");
  const stamp = stampOf({ ms: nowMs, counter: 0 }, `steward/${id}`);
  const base = { id, field, fragment: record, stamp, by };
  const event = "event" in request && request.event !== undefined ? { event: request.event } : {};
  const [override, statements] =
    request.kind === "pin"
      ? [
          pinOf({ ...base, value: request.value }),
          pinStatements({ ...base, value: request.value }, nowMs),
        ]
      : [ignoreOf({ ...base, ...event }), ignoreStatements({ ...base, ...event }, nowMs)];
  const effects = await recompute(storage, customers, policy, nowMs, { added: [override] }, id);
  await storage.write([
    decisionStatement(request, [record], [], nowMs),
    ...statements,
    ...effects,
    ...also,
  ]);
  return ok({ id, isNew: true, customers });
}

const recompute = (
  storage: Storage,
  customers: readonly CustomerId[],
  policy: FragmentRules["policy"],
  nowMs: number,
  pending: PendingOverrides,
  decision: string,
): Promise<Statement[]> =>
  recomputeCustomers(storage, customers, policy, nowMs, {
    pending,
    cause: { kind: "decision", decision },
  });

/** Undone twice is undone once. Null when there is no such decision. `also` goes into the same write. */
export async function undo(
  deps: StewardDeps,
  id: string,
  by: string,
  also: readonly Statement[] = [],
): Promise<Decided | null> {
  const { storage, rules, nowMs } = deps;
  const row = await readStanding(storage, id);
  if (!row) return null;
  if (row.undoneMs !== null) {
    return { id, isNew: false, customers: await customersOf(storage, row.records) };
  }
  const mark = undoneStatement(id, by, nowMs);
  if (row.kind === "pin" || row.kind === "ignore") {
    const customers = await customersOf(storage, row.records);
    const pending = { undone: [id] };
    const effects = await recompute(storage, customers, rules.policy, nowMs, pending, id);
    await storage.write([mark, ...undoStatements(id, nowMs), ...effects, ...also]);
    return { id, isNew: true, customers };
  }
  const { statements, customers } = await planUndo(deps, id, row.records);
  await storage.write([mark, ...statements, ...also]);
  return { id, isNew: true, customers };
}
