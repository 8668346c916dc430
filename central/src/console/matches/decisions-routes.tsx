/** @jsxImportSource hono/jsx */
// All decisions of stewards, and the undoing of any, after a look at what it would do.
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, textOf } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { undo } from "../../steward/decide.ts";
import {
  type DecisionEntry,
  decisionQuery,
  newestDecisionsQuery,
  readEntries,
} from "../../steward/list.ts";
import { customersOf, readStanding } from "../../steward/plan.ts";
import { previewUndo } from "../../steward/preview.ts";
import { seenOf } from "../../steward/seen.ts";
import { csvResponse } from "../csv.ts";
import { byOf, decisionIdSchema, type DeskDeps, form, seenSchema } from "../customers/deps.ts";
import { readNames } from "../customers/read-page.ts";
import { tooLate } from "../customers/too-late.tsx";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { DECISION_COLUMNS, DecisionPage, type DecisionRow, DecisionsPage } from "./decisions-page.tsx"; // prettier-ignore

const ROWS_PER_PAGE = 50;
const FILE_PAGE = 500;
/** Of a decision about very many records, whose the first ones are. */
const NAMED_RECORDS = 40;

const listQuery = z.object({
  before: z.coerce.number().int().min(1).optional(),
  csv: z.literal("decisions").optional(),
});
const undoForm = z.object({ seen: seenSchema });

export function decisionsRoutes(deps: DeskDeps): Hono<ConsoleEnv> {
  const { storage, intake, nowMs, onDecided } = deps;
  const routes = new Hono<ConsoleEnv>();

  routes.get("/matches/decisions", permit("matches.read"), async (c) => {
    const { before = Number.MAX_SAFE_INTEGER, csv } = parseRequest(listQuery, c.req.query());
    const page = pageOf(c);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      return csvResponse("decisions", tableFile(DECISION_COLUMNS, await readFile(deps)));
    }
    const entries = await readEntries(storage, newestDecisionsQuery(before, ROWS_PER_PAGE + 1));
    const shown = entries.slice(0, ROWS_PER_PAGE);
    const next = entries.length > shown.length ? (shown.at(-1)?.n ?? null) : null;
    return c.html(<DecisionsPage page={page} rows={await rowsFor(deps, shown)} next={next} />);
  });

  const decisionOf = async (c: Context<ConsoleEnv>): Promise<DecisionEntry> => {
    const id = decisionIdSchema.safeParse(c.req.param("id"));
    const [decision] = id.success ? await readEntries(storage, decisionQuery(id.data)) : [];
    if (!decision) throw new Refused("unknown_decision");
    return decision;
  };
  const seenBy = async ({ a, b }: DecisionEntry): Promise<string> =>
    seenOf(storage, await customersOf(storage, [...a, ...b]));

  routes.get("/matches/decisions/:id", permit("matches.read"), async (c) => {
    const decision = await decisionOf(c);
    const [row] = await rowsFor(deps, [decision]);
    const { preview, seen } = await intake.alone(async (rules) => {
      const plan = await previewUndo({ storage, rules, nowMs: nowMs() }, decision.id);
      return { preview: plan.ok ? plan.value : null, seen: await seenBy(decision) };
    });
    if (!row) throw new Refused("unknown_decision");
    return c.html(
      <DecisionPage
        page={pageOf(c)}
        row={row}
        preview={preview}
        granted={c.get("fields")}
        seen={seen}
      />,
    );
  });

  routes.post("/matches/decisions/:id/undo", permit("matches.decide"), form(), async (c) => {
    const { seen } = parseRequest(undoForm, await c.req.parseBody());
    const decision = await decisionOf(c);
    const person = c.get("person");
    const customers = await intake.alone(async (rules) => {
      const records = [...decision.a, ...decision.b];
      const standing = await readStanding(storage, decision.id);
      if (standing?.undoneMs !== null) return customersOf(storage, records);
      if ((await seenBy(decision)) !== seen) return null;
      const audit = auditStatement({
        atMs: nowMs(),
        by: person.id,
        action: "matches.decide",
        target: decision.id,
        detail: { kind: "undo" },
      });
      const by = byOf(person);
      const undone = await undo({ storage, rules, nowMs: nowMs() }, decision.id, by, [audit]);
      return undone?.customers ?? [];
    });
    if (customers === null) {
      const about = await customersOf(storage, [...decision.a, ...decision.b]);
      const href = `/matches/decisions/${decision.id}`;
      return tooLate(c, deps, about, { href, words: "See what undoing would do now" });
    }
    onDecided();
    const [only] = customers;
    const href = customers.length === 1 ? `/customers/${only}` : `/matches/decisions/${decision.id}`; // prettier-ignore
    return c.redirect(href, 303);
  });

  return routes;
}

const recordsOf = ({ a, b }: DecisionEntry): string[] => [
  ...a.slice(0, NAMED_RECORDS),
  ...b.slice(0, NAMED_RECORDS),
];

async function rowsFor(
  { storage }: DeskDeps,
  decisions: readonly DecisionEntry[],
): Promise<DecisionRow[]> {
  const rows = await rowsOf(
    storage,
    "select id, customer from source_record where id in (select value from json_each(?))",
    [JSON.stringify([...new Set(decisions.flatMap(recordsOf))])],
  );
  const customerOf = new Map(rows.map((row) => [textOf(row, "id"), textOf(row, "customer")]));
  const names = await readNames(storage, [...new Set(customerOf.values())]);
  return decisions.map((decision) => {
    const ids = new Set(recordsOf(decision).flatMap((id) => customerOf.get(id) ?? []));
    const customers = [...ids].map((id) => ({ id, name: names.get(id) ?? null }));
    return { decision, customers };
  });
}

async function readFile(deps: DeskDeps): Promise<DecisionRow[]> {
  const rows: DecisionRow[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; rows.length < LIMITS.stewardFileRows;) {
    const page = await readEntries(deps.storage, newestDecisionsQuery(before, FILE_PAGE));
    rows.push(...(await rowsFor(deps, page)));
    const last = page.at(-1);
    if (!last || page.length < FILE_PAGE) break;
    before = last.n;
  }
  return rows;
}
