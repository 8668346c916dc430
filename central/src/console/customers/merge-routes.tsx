/** @jsxImportSource hono/jsx */
// Two customers become one by a steward's word, after a look at what becomes of both.
import { type CustomerId, customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { decide } from "../../steward/decide.ts";
import { explainPair } from "../../steward/explain.ts";
import { readStanding } from "../../steward/plan.ts";
import { readPotentialMatch } from "../../steward/potential-matches.ts";
import { previewLink } from "../../steward/preview.ts";
import type { LinkRequest } from "../../steward/requests.ts";
import { seenOf } from "../../steward/seen.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { nameOf } from "../words.ts";
import { readCustomer } from "./customer.ts";
import { findCustomers } from "./customers.ts";
import { byOf, decisionIdSchema, type DeskDeps, form, noteSchema, seenSchema } from "./deps.ts";
import { MissingPage } from "./found-page.tsx";
import { MergePage, MergeWithPage } from "./merge-page.tsx";
import { refusalWords } from "./pair-section.tsx";
import { tooLate } from "./too-late.tsx";

const mergeQuery = z.object({ with: customerIdSchema.optional() });
const findForm = z.object({ "known-by": z.string().max(LIMITS.searchChars) });
const mergeForm = z.object({
  with: customerIdSchema,
  decision: decisionIdSchema,
  seen: seenSchema,
  note: noteSchema,
});

export function mergeRoutes(deps: DeskDeps): Hono<ConsoleEnv> {
  const { storage, identity, intake, nowMs, newId, onDecided } = deps;
  const routes = new Hono<ConsoleEnv>();

  const askWith = async (c: Context<ConsoleEnv>, trouble: string | null) => {
    const id = customerIdSchema.safeParse(c.req.param("id"));
    const view = id.success ? await readCustomer(storage, id.data) : null;
    const page = pageOf(c);
    if (!view) return c.html(<MissingPage page={page} />, 404);
    const name = nameOf(view.golden.fields);
    return c.html(
      <MergeWithPage page={page} customer={view.customer} name={name} trouble={trouble} />,
      trouble === null ? 200 : 422,
    );
  };

  routes.get("/customers/:id/merge", permit("matches.decide"), async (c) => {
    const { with: other } = parseRequest(mergeQuery, c.req.query());
    if (other === undefined) return askWith(c, null);
    const id = parseRequest(customerIdSchema, c.req.param("id"));
    const views = [await readCustomer(storage, id), await readCustomer(storage, other)] as const;
    const [one, two] = views;
    if (!one || !two) return c.html(<MissingPage page={pageOf(c)} />, 404);
    if (one.customer === two.customer) return askWith(c, "The two are one customer already.");
    const request = requestOf(newId(), one.customer, two.customer, byOf(c.get("person")));
    const shown = await intake.alone(async (rules) => {
      const plan = await previewLink({ storage, rules, nowMs: nowMs() }, request);
      if (!plan.ok) throw new Refused(plan.reason);
      const match = await readPotentialMatch(storage, one.customer, two.customer);
      const [a, b] = match?.records ?? [one.records[0]?.id ?? "", two.records[0]?.id ?? ""];
      const why = await explainPair(storage, a, b, rules.matching, false);
      const seen = await seenOf(storage, [one.customer, two.customer]);
      return { preview: plan.value, doubts: why ? refusalWords(why) : [], seen };
    });
    return c.html(
      <MergePage
        page={pageOf(c)}
        customer={one.customer}
        name={nameOf(one.golden.fields)}
        other={two.customer}
        granted={c.get("fields")}
        decision={request.id}
        {...shown}
      />,
    );
  });

  routes.post("/customers/:id/merge/find", permit("matches.decide"), form(), async (c) => {
    const { "known-by": typed } = parseRequest(findForm, await c.req.parseBody());
    const id = parseRequest(customerIdSchema, c.req.param("id"));
    const found = (await findCustomers(storage, typed, identity)).filter((each) => each !== id);
    const [only] = found;
    if (only === undefined) return askWith(c, "Nobody else is known by that.");
    if (found.length > 1) return askWith(c, "Several are known by that: use the customer id.");
    return c.redirect(`/customers/${id}/merge?with=${only}`, 303);
  });

  routes.post("/customers/:id/merge", permit("matches.decide"), form(), async (c) => {
    const id = parseRequest(customerIdSchema, c.req.param("id"));
    const { with: other, decision, seen, note } = parseRequest(mergeForm, await c.req.parseBody());
    const person = c.get("person");
    const outcome = await intake.alone(async (rules) => {
      const known = await readStanding(storage, decision);
      if (known) return id;
      if ((await seenOf(storage, [id, other])) !== seen) return null;
      const request = { ...requestOf(decision, id, other, byOf(person)), ...(note === undefined ? {} : { note }) }; // prettier-ignore
      const audit = auditStatement({
        atMs: nowMs(),
        by: person.id,
        action: "matches.decide",
        target: decision,
        detail: { kind: "same", customers: [id, other] },
      });
      const decided = await decide({ storage, rules, nowMs: nowMs() }, request, [audit]);
      if (!decided.ok) throw new Refused(decided.reason);
      return decided.value.customers[0] ?? id;
    });
    if (outcome === null) {
      return tooLate(c, deps, [id, other], {
        href: `/customers/${id}`,
        words: "See the customer now",
      });
    }
    onDecided();
    return c.redirect(`/customers/${outcome}`, 303);
  });

  return routes;
}

const requestOf = (id: string, one: CustomerId, two: CustomerId, by: string): LinkRequest => ({
  id,
  kind: "same",
  a: { customer: one },
  b: { customer: two },
  by,
});
