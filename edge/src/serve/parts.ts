/** `GET /v1/customers/:id/purchases` and the like: one part of a profile. */
import { problemOf } from "@regulars/shared/problem";
import type { Context } from "hono";
import type { FieldGroup } from "@regulars/shared/access/actions";
import type { PermittedEnv } from "../access/permit.ts";
import { problemResponse } from "../problem-response.ts";
import { freshnessJson, headJson, knownState } from "./answer.ts";
import { findCustomer } from "./find.ts";
import { VIEW_GROUPS, type ViewGroup } from "./groups.ts";
import { PRIVATE } from "./read.ts";
import { stateOf } from "../profile/read.ts";
import { readLines, type ViewLines } from "./view.ts";
import type { View } from "./view-schema.ts";

export const PARTS = ["purchases", "loyalty", "preferences", "consents"] as const;
export type Part = (typeof PARTS)[number];

/** The group without which there is no such part. */
const GROUP_OF_PART = {
  purchases: "purchases",
  loyalty: "loyalty",
  preferences: "identity",
  consents: "consents",
} as const satisfies Record<Part, ViewGroup>;

export async function readPart(
  context: Context<PermittedEnv>,
  asked: string,
  part: Part,
): Promise<Response> {
  const granted = context.get("fields");
  if (!granted.has(GROUP_OF_PART[part])) return problemResponse(problemOf("forbidden"));
  const match = context.req.header("if-none-match");
  const suffix = suffixOf(part, granted);
  const found = await findCustomer(context.env, context.get("caller"), asked, (customer) => {
    const known = knownState(match, customer, suffix);
    return known === undefined ? {} : { known };
  });
  if (!found) return problemResponse(problemOf("unknown_customer"));
  const { customer, view } = found;
  const headers = { ...PRIVATE, etag: `"${customer}.${stateOf(view)}.${suffix}"` };
  if (view.view === null) return new Response(null, { status: 304, headers });
  const lines = readLines(view.view);
  const body = `{${headJson(found)},"freshness":${freshnessJson(view, lines)},"${part}":${partJson(part, lines, granted)}}`;
  return new Response(body, { headers: { ...headers, "content-type": "application/json" } });
}

/** What of it is shown depends on whether traits are. */
const suffixOf = (part: Part, granted: ReadonlySet<FieldGroup>): string =>
  part === "preferences" && granted.has("traits") ? "preferences-traits" : part;

function partJson(part: Part, lines: ViewLines, granted: ReadonlySet<FieldGroup>): string {
  if (part !== "preferences") return lineOf(lines, GROUP_OF_PART[part]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a line of our own view
  const identity = JSON.parse(lineOf(lines, "identity")) as NonNullable<View["identity"]>;
  const traits = granted.has("traits") ? `,"traits":${lineOf(lines, "traits")}` : "";
  return `{"language":${JSON.stringify(identity.language ?? null)}${traits}}`;
}

const lineOf = (lines: ViewLines, group: ViewGroup): string =>
  lines[VIEW_GROUPS.indexOf(group) + 1] ?? "null";
