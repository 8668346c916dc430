/** @jsxImportSource hono/jsx */
// The verdict on a pair, and its undoing by one key.
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { decide, undo } from "../../steward/decide.ts";
import { decisionQuery, readEntries } from "../../steward/list.ts";
import { customersOf, readStanding } from "../../steward/plan.ts";
import { potentialCursorSchema } from "../../steward/potential-matches.ts";
import { seenOf } from "../../steward/seen.ts";
import { byOf, decisionIdSchema, type DeskDeps, form, seenSchema } from "../customers/deps.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { type MatchAnswers, pairParams } from "./match-answers.tsx";

const verdictForm = z.object({
  verdict: z.enum(["same", "different", "later"]),
  decision: decisionIdSchema,
  seen: seenSchema,
  after: z.union([z.literal(""), potentialCursorSchema]),
});
const undoForm = z.object({ decision: decisionIdSchema });

export function verdictRoutes(deps: DeskDeps, answers: MatchAnswers): Hono<ConsoleEnv> {
  const { storage, intake, nowMs, onDecided } = deps;
  const routes = new Hono<ConsoleEnv>();

  /** To the next pair: as the part that was asked for, with the address of the page that would show it. */
  const goOn = (c: Context<ConsoleEnv>, after: string | null, last: string | null) => {
    const query = new URLSearchParams();
    if (after !== null) query.set("after", after);
    if (last !== null) query.set("undo", last);
    const address = `/matches${query.size === 0 ? "" : `?${query.toString()}`}`;
    if (!pageOf(c).isPart) return c.redirect(address, 303);
    c.header("hx-push-url", address);
    return answers.next(c, { after, last });
  };

  routes.post("/matches/:one/:two", permit("matches.decide"), form(), async (c) => {
    const pair = pairParams(c);
    const said = parseRequest(verdictForm, await c.req.parseBody());
    const after = said.after === "" ? null : said.after;
    const { verdict, decision } = said;
    if (verdict === "later") return goOn(c, after, null);
    const person = c.get("person");
    const outcome = await intake.alone(async (rules) => {
      if (await readStanding(storage, decision)) return "done";
      if ((await seenOf(storage, pair)) !== said.seen) return "late";
      const sides = { a: { customer: pair[0] }, b: { customer: pair[1] } };
      const request = { id: decision, kind: verdict, ...sides, by: byOf(person) } as const;
      const audit = auditStatement({
        atMs: nowMs(),
        by: person.id,
        action: "matches.decide",
        target: decision,
        detail: { kind: verdict, customers: pair },
      });
      const decided = await decide({ storage, rules, nowMs: nowMs() }, request, [audit]);
      if (!decided.ok) throw new Refused(decided.reason);
      return "done";
    });
    if (outcome === "late") return answers.tooLate(c, pair, after);
    onDecided();
    return goOn(c, after, decision);
  });

  routes.post("/matches/undo", permit("matches.decide"), form(), async (c) => {
    const { decision } = parseRequest(undoForm, await c.req.parseBody());
    const person = c.get("person");
    const pair = await intake.alone(async (rules) => {
      const audit = auditStatement({
        atMs: nowMs(),
        by: person.id,
        action: "matches.decide",
        target: decision,
        detail: { kind: "undo" },
      });
      const by = byOf(person);
      const undone = await undo({ storage, rules, nowMs: nowMs() }, decision, by, [audit]);
      if (!undone) throw new Refused("unknown_decision");
      const [entry] = await readEntries(storage, decisionQuery(decision));
      const [one] = await customersOf(storage, entry?.a.slice(0, 1) ?? []);
      const [two] = await customersOf(storage, entry?.b.slice(0, 1) ?? []);
      return one !== undefined && two !== undefined && one !== two ? [one, two].toSorted() : null;
    });
    onDecided();
    const [one, two] = pair ?? [];
    if (one === undefined || two === undefined) return goOn(c, null, null);
    const address = `/matches/${one}/${two}`;
    if (!pageOf(c).isPart) return c.redirect(address, 303);
    c.header("hx-push-url", address);
    const told = (
      <p class="told" role="status">
        Taken back. Here they are again.
      </p>
    );
    return answers.pair(c, [one, two], told);
  });

  return routes;
}
