/** `GET /v1/customers/:id`: a profile as its caller may see it, or 304 where the caller has it already. */
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import type { Context } from "hono";
import type { PermittedEnv } from "../access/permit.ts";
import type { StoredView } from "../profile/read.ts";
import { problemResponse } from "../problem-response.ts";
import { type Answer, customerJson, entityTag, groupsTag, knownState } from "./answer.ts";
import { findCustomer, type Found } from "./find.ts";
import { lineageOf } from "./lineage.ts";
import { readQuerySchema, selectGroups, type Selection } from "./select.ts";

const EVERYTHING = { success: true, data: {} } as const;

type AppContext = Context<PermittedEnv>;

export async function readCustomer(context: AppContext, asked: string): Promise<Response> {
  // Most ask for all of it.
  const query = context.req.url.includes("?")
    ? readQuerySchema.safeParse(context.req.query())
    : EVERYTHING;
  if (!query.success) return problemResponse(zodErrorToProblem(query.error));
  const selection = selectGroups(context.get("fields"), query.data);
  if (!selection.ok) return problemResponse(selection.reason);
  const { groups, lineage } = selection.value;
  const match = lineage ? undefined : context.req.header("if-none-match");
  const found = await findCustomer(context.env, context.get("caller"), asked, (customer) => {
    const known = knownState(match, customer, groupsTag(groups));
    return { withJson: lineage, ...(known === undefined ? {} : { known }) };
  });
  if (!found) return problemResponse(problemOf("unknown_customer"));
  return customerResponse(found, selection.value);
}

/** Of a view that its reader has, nothing but the tag. */
export function customerResponse(found: Found, { groups, lineage }: Selection): Response {
  const { customer, redirectedFrom, view } = found;
  const origins = lineage ? lineageJson(view, { groups, lineage }) : undefined;
  const answer: Answer = { customer, redirectedFrom, view, groups, lineage: origins };
  const headers = { ...PRIVATE, etag: entityTag(answer) };
  if (view.view === null) return new Response(null, { status: 304, headers });
  return new Response(customerJson(answer), {
    headers: { ...headers, "content-type": "application/json" },
  });
}

/** Kept by the caller alone, and asked about before it is used again. */
export const PRIVATE = { "cache-control": "private, no-cache", vary: "authorization" } as const;

function lineageJson({ json }: StoredView, { groups }: Selection): string {
  if (json === null) throw new Error("lineage of a profile that was not read");
  return JSON.stringify(lineageOf(profileSchema.parse(JSON.parse(json)), groups));
}
