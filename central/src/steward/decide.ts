/**
 * Stewards' decisions, with all their effects in one write: links, clusters, customers, golden records, and what the edge and
 * the feed are told. A decision names source records, and an undone one leaves nothing behind but itself: what is stored then
 * is what would be if it had never been taken.
 */
import { stampOf } from "@regulars/shared/clock";
import { canonicalJson } from "@regulars/shared/digest";
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { fail, ok, type Result } from "@regulars/shared/result";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import { ignoreOf, pinOf, type PendingOverrides } from "../golden/overrides.ts";
import { ignoreStatements, pinStatements, undoStatements } from "../golden/overrides.ts";
import { recomputeCustomers } from "../golden/recompute.ts";
import type { FragmentRules } from "../intake/take-fragments.ts";
import { reexamine } from "../resolve/reexamine.ts";
import type { PendingDecisions } from "../resolve/arrivals.ts";
import { customerAfter } from "../resolve/examine.ts";
import type { DecisionRequest, FieldRequest, LinkRequest, Side } from "./requests.ts";

export interface Decided {
  readonly id: string;
  /** False when it had been taken already. */
  readonly isNew: boolean;
  /** Whose the records are now that it names. */
  readonly customers: readonly CustomerId[];
}

/** `conflict`: another decision has the id, or the sides have records in common. */
export type Refusal = "conflict" | "unknown_customer" | "unknown_record" | "too_large";

export interface StewardDeps {
  readonly storage: Storage;
  readonly rules: FragmentRules;
  readonly nowMs: number;
}

/** Not to be run beside an intake: what is read decides what is written. */
export async function decide(
  deps: StewardDeps,
  request: DecisionRequest,
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
    ? decideLink(deps, request)
    : decideField(deps, request);
}

async function decideLink(
  { storage, rules, nowMs }: StewardDeps,
  request: LinkRequest,
): Promise<Result<Decided, Refusal>> {
  const a = await recordsOf(storage, request.a);
  if (!a.ok) return a;
  const b = await recordsOf(storage, request.b);
  if (!b.ok) return b;
  const isBoth = a.value.some((record) => b.value.includes(record));
  if (isBoth && request.kind === "different") return fail("conflict");
  const { id, kind } = request;
  const sides = [a.value, b.value].flatMap((records, side) =>
    records.map((record) => ({ record, side, tag: `${id}/${side}` })),
  );
  const ids = [...new Set(sides.map(({ record }) => record))];
  const pending: PendingDecisions = { added: [{ id, kind }], sides, undone: [] };
  const cause = { kind: "decision", decision: id } as const;
  const { statements, resolution } = await reexamine(
    storage,
    { ids, pending, cause },
    rules,
    nowMs,
  );
  await storage.write([
    decisionStatement(request, a.value, b.value, nowMs),
    {
      sql: `insert into steward_side (record, decision, side)
            select value ->> 0, ?2, value ->> 1 from json_each(?1)`,
      args: [JSON.stringify(sides.map(({ record, side }) => [record, side])), id],
    },
    ...statements,
  ]);
  const customers = [...new Set(ids.map((record) => customerAfter(resolution, record)))];
  return ok({ id, isNew: true, customers });
}

async function decideField(
  { storage, rules: { policy }, nowMs }: StewardDeps,
  request: FieldRequest,
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
  await storage.write([decisionStatement(request, [record], [], nowMs), ...statements, ...effects]);
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

/** Undone twice is undone once. Null when there is no such decision. */
export async function undo(
  { storage, rules, nowMs }: StewardDeps,
  id: string,
  by: string,
): Promise<Decided | null> {
  const [row] = await rowsOf(
    storage,
    "select kind, a, b, undone_ms from steward_decision where id = ?",
    [id],
  );
  if (!row) return null;
  const ids = [...new Set([textOf(row, "a"), textOf(row, "b")].flatMap(recordsOfText))];
  if (row["undone_ms"] !== null) {
    return { id, isNew: false, customers: await customersOf(storage, ids) };
  }
  const mark = {
    sql: "update steward_decision set undone_ms = ?, undone_by = ? where id = ?",
    args: [nowMs, by, id],
  };
  if (row["kind"] === "pin" || row["kind"] === "ignore") {
    const customers = await customersOf(storage, ids);
    const pending = { undone: [id] };
    const effects = await recompute(storage, customers, rules.policy, nowMs, pending, id);
    await storage.write([mark, ...undoStatements(id, nowMs), ...effects]);
    return { id, isNew: true, customers };
  }
  const pending: PendingDecisions = { added: [], sides: [], undone: [id] };
  const cause = { kind: "decision", decision: id } as const;
  const { statements, resolution } = await reexamine(
    storage,
    { ids, pending, cause },
    rules,
    nowMs,
  );
  await storage.write([
    mark,
    { sql: "delete from steward_side where decision = ?", args: [id] },
    ...statements,
  ]);
  const customers = [...new Set(ids.map((record) => customerAfter(resolution, record)))];
  return { id, isNew: true, customers };
}

const textOfRequest = (request: DecisionRequest): string => canonicalJson(z.json().parse(request));

function decisionStatement(
  request: DecisionRequest,
  a: readonly string[],
  b: readonly string[],
  nowMs: number,
): Statement {
  const { id, kind, by, note } = request;
  return {
    sql: `insert into steward_decision (id, kind, a, b, request, decided_by, note, at_ms)
          values (?, ?, ?, ?, ?, ?, ?, ?)`,
    args: [
      id, kind, JSON.stringify(a), JSON.stringify(b), textOfRequest(request), by, note ?? null, nowMs,
    ], // prettier-ignore
  };
}

export const recordsOfText = (json: string): string[] => {
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list.map(String) : [];
};

async function recordsOf(storage: Storage, side: Side): Promise<Result<string[], Refusal>> {
  const isCustomer = "customer" in side;
  const rows = isCustomer
    ? await rowsOf(
        storage,
        `select id from source_record
         where customer = (select coalesce(redirect_to, id) from customer where id = ?) order by id`,
        [side.customer],
      )
    : await rowsOf(
        storage,
        "select id from source_record where id in (select value from json_each(?)) order by id",
        [JSON.stringify(side.records)],
      );
  const ids = rows.map((row) => textOf(row, "id"));
  if (ids.length > LIMITS.stewardRecords) return fail("too_large");
  if (isCustomer) return ids.length === 0 ? fail("unknown_customer") : ok(ids);
  return ids.length === new Set(side.records).size ? ok(ids) : fail("unknown_record");
}

async function customersOf(storage: Storage, records: readonly string[]): Promise<CustomerId[]> {
  const rows = await rowsOf(
    storage,
    `select distinct customer from source_record
     where id in (select value from json_each(?)) order by customer`,
    [JSON.stringify(records)],
  );
  return rows.map((row) => textOf(row, "customer"));
}
