/**
 * What a steward's decision about two sides would do, worked out and not written: `decide` and `undo` write it, a preview shows
 * it. One function for both, so that nothing else happens than was shown.
 */
import { canonicalJson } from "@regulars/shared/digest";
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { fail, ok, type Result } from "@regulars/shared/result";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";
import type { FragmentRules } from "../intake/take-fragments.ts";
import type { PendingDecisions } from "../resolve/arrivals.ts";
import { customerAfter } from "../resolve/examine.ts";
import { type Reexamined, reexamine } from "../resolve/reexamine.ts";
import type { DecisionRequest, LinkRequest, Side } from "./requests.ts";

/** `conflict`: another decision has the id, or the sides have records in common. */
export type Refusal = "conflict" | "unknown_customer" | "unknown_record" | "too_large";

export interface StewardDeps {
  readonly storage: Storage;
  readonly rules: FragmentRules;
  readonly nowMs: number;
}

export interface Plan extends Reexamined {
  /** Records that the decision names. */
  readonly records: readonly string[];
  /** Whose they are after it. */
  readonly customers: readonly CustomerId[];
}

export async function planLink(
  { storage, rules, nowMs }: StewardDeps,
  request: LinkRequest,
): Promise<Result<Plan, Refusal>> {
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
  const effects = await reexamine(storage, { ids, pending, cause }, rules, nowMs);
  return ok({
    ...planOf(ids, effects),
    statements: [
      decisionStatement(request, a.value, b.value, nowMs),
      {
        sql: `insert into steward_side (record, decision, side)
              select value ->> 0, ?2, value ->> 1 from json_each(?1)`,
        args: [JSON.stringify(sides.map(({ record, side }) => [record, side])), id],
      },
      ...effects.statements,
    ],
  });
}

/** Of a decision about two sides that stands. */
export async function planUndo(
  { storage, rules, nowMs }: StewardDeps,
  id: string,
  ids: readonly string[],
): Promise<Plan> {
  const pending: PendingDecisions = { added: [], sides: [], undone: [id] };
  const cause = { kind: "decision", decision: id } as const;
  const effects = await reexamine(storage, { ids, pending, cause }, rules, nowMs);
  return {
    ...planOf(ids, effects),
    statements: [
      { sql: "delete from steward_side where decision = ?", args: [id] },
      ...effects.statements,
    ],
  };
}

const planOf = (records: readonly string[], effects: Reexamined): Plan => ({
  ...effects,
  records,
  customers: [...new Set(records.map((record) => customerAfter(effects.resolution, record)))],
});

export interface StandingDecision {
  readonly kind: string;
  readonly records: readonly string[];
  readonly undoneMs: number | null;
}

export async function readStanding(storage: Storage, id: string): Promise<StandingDecision | null> {
  const [row] = await rowsOf(
    storage,
    "select kind, a, b, undone_ms from steward_decision where id = ?",
    [id],
  );
  if (!row) return null;
  const records = [textOf(row, "a"), textOf(row, "b")].flatMap(recordsOfText);
  return {
    kind: textOf(row, "kind"),
    records: [...new Set(records)],
    undoneMs: row["undone_ms"] === null ? null : Number(row["undone_ms"]),
  };
}

export const undoneStatement = (id: string, by: string, nowMs: number): Statement => ({
  sql: "update steward_decision set undone_ms = ?, undone_by = ? where id = ?",
  args: [nowMs, by, id],
});

export const textOfRequest = (request: DecisionRequest): string =>
  canonicalJson(z.json().parse(request));

export function decisionStatement(
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

export async function customersOf(
  storage: Storage,
  records: readonly string[],
): Promise<CustomerId[]> {
  const rows = await rowsOf(
    storage,
    `select distinct customer from source_record
     where id in (select value from json_each(?)) order by customer`,
    [JSON.stringify(records)],
  );
  return rows.map((row) => textOf(row, "customer"));
}
