/** @jsxImportSource hono/jsx */
// A steward decides about one value of a customer: it stands, or does not count.
import { claimFieldSchema, claimsSchema, type ClaimField, type ClaimValue } from "@regulars/shared/events/claim"; // prettier-ignore
import { normaliseEmail } from "@regulars/shared/identity/email";
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { normaliseLoyaltyNumber } from "@regulars/shared/identity/loyalty";
import { normalisePhone } from "@regulars/shared/identity/phone";
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import type { Golden } from "../../golden/golden.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { decide } from "../../steward/decide.ts";
import { readStanding } from "../../steward/plan.ts";
import { type FieldRequest, recordIdSchema } from "../../steward/requests.ts";
import type { ConsoleEnv } from "../environment.ts";
import { readCustomer } from "./customer.ts";
import { byOf, decisionIdSchema, type DeskDeps, form } from "./deps.ts";
import { tooLate } from "./too-late.tsx";

const fieldForm = z.object({
  decision: decisionIdSchema,
  version: z.coerce.number().int().min(1),
  kind: z.enum(["pin", "ignore"]),
  field: claimFieldSchema,
  record: recordIdSchema,
  event: z.string().min(1).max(256),
  value: z.string().trim().min(1).max(LIMITS.fieldChars).optional(),
});
type FieldForm = z.infer<typeof fieldForm>;

export function fieldRoutes(deps: DeskDeps): Hono<ConsoleEnv> {
  const { storage, identity, intake, nowMs, onDecided } = deps;
  const routes = new Hono<ConsoleEnv>();

  routes.post("/customers/:id/field", permit("matches.decide"), form(), async (c) => {
    const id = parseRequest(customerIdSchema, c.req.param("id"));
    const said = parseRequest(fieldForm, await c.req.parseBody());
    const person = c.get("person");
    const outcome = await intake.alone(async (rules) => {
      // Sent twice is sent once, also when the first has changed what the page has shown.
      if (await readStanding(storage, said.decision)) return "done";
      const view = await readCustomer(storage, id);
      const claim = view && claimOf(view.golden, said);
      if (!claim || view.customer !== id || view.version !== said.version) return "late";
      const request = requestOf(said, claim.value, byOf(person), identity);
      if (!request) throw new Refused("invalid_field");
      const audit = auditStatement({
        atMs: nowMs(),
        by: person.id,
        action: "matches.decide",
        target: said.decision,
        detail: { kind: said.kind, customer: id, field: said.field },
      });
      const decided = await decide({ storage, rules, nowMs: nowMs() }, request, [audit]);
      if (!decided.ok) throw new Refused(decided.reason);
      return "done";
    });
    if (outcome === "late") {
      return tooLate(c, deps, [id], { href: `/customers/${id}`, words: "See the customer now" });
    }
    onDecided();
    return c.redirect(`/customers/${id}`, 303);
  });

  return routes;
}

/** The claim that the form names, as the golden record still has it. */
function claimOf(golden: Golden, { field, record, event }: FieldForm) {
  const winner = golden.fields[field];
  if (!winner) return null;
  const claims = [winner, ...winner.losers];
  return claims.find((each) => each.fragment === record && each.event === event) ?? null;
}

/** Null where what was typed is no value of the field. */
function requestOf(
  { decision: id, kind, field, record, event, value }: FieldForm,
  standing: ClaimValue,
  by: string,
  identity: IdentityOptions,
): FieldRequest | null {
  if (kind === "ignore") return { kind, id, record, field, event, by };
  const pinned = value === undefined ? standing : typedValue(field, value, identity);
  return pinned === null ? null : { kind, id, record, field, value: pinned, by };
}

/** In the form that a till would have given it. */
function typedValue(field: ClaimField, typed: string, { country }: IdentityOptions) {
  const normalised =
    field === "email"
      ? normaliseEmail(typed)
      : field === "phone"
        ? normalisePhone(typed, country)
        : field === "loyaltyNumber"
          ? normaliseLoyaltyNumber(typed)
          : typed;
  const parsed = claimsSchema.shape[field].safeParse(normalised);
  return parsed.success ? (parsed.data ?? null) : null;
}
