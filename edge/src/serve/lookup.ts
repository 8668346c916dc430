/**
 * `POST /v1/customers/lookup`: one profile by what the customer says, in the body, for a URL is written down everywhere
 * (SEC2). Tills are answered in the words of their protocol, everybody else with the view.
 */
import { identityKeysOf, type Identifiers } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { lookupSchema } from "@regulars/shared/protocol/lookup";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { Context } from "hono";
import { z } from "zod";
import { mayAskFor } from "../access/bounds.ts";
import type { Caller } from "../access/caller.ts";
import type { PermittedEnv } from "../access/permit.ts";
import { type Env, settingsOf } from "../environment.ts";
import { inWordsOf } from "../inbox/words.ts";
import { messageResponse } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { customerResponse } from "./read.ts";
import { findProfile, holdersOf, readView } from "./read-profile.ts";
import { fieldNamesSchema, selectGroups } from "./select.ts";

const identifier = z.string().min(1).max(LIMITS.searchChars);
export const appLookupSchema = z
  .object({
    email: identifier.optional().describe("In any writing that people use."),
    phone: identifier
      .optional()
      .describe("With a prefix, or as it is dialled in the edge's own country."),
    loyaltyNumber: identifier.optional().describe("The number on the card."),
    userId: identifier
      .optional()
      .describe(
        "Of an account in the caller's realm: that of its connector, else that of the identity provider.",
      ),
    store: storeIdSchema
      .optional()
      .describe("An associate's own: the customer joins that store's working set."),
    fields: fieldNamesSchema
      .optional()
      .describe(
        "Groups of fields that are wanted; all that the caller may see where it is left out.",
      ),
    lineage: z
      .boolean()
      .optional()
      .describe("Where each value is from, what else was said, who pinned it; for those who may."),
  })
  .refine(({ email, phone, loyaltyNumber, userId }) => email ?? phone ?? loyaltyNumber ?? userId, {
    message: "needs one of email, phone, loyaltyNumber, userId",
  });

type AppContext = Context<PermittedEnv>;

export function lookUp(context: AppContext): Promise<Response> {
  return context.get("caller").kind === "till" ? lookUpForTill(context) : lookUpForApp(context);
}

async function lookUpForTill(context: AppContext): Promise<Response> {
  const body = await readBody(context.req.raw, lookupSchema);
  if (!body.ok) return problemResponse(body.reason);
  const { store, protocol = 1, ...given } = body.value;
  if (!mayAskFor(context.get("caller"), store)) return problemResponse(notOwnStore());
  const keys = keysOf(context.env, given);
  if (!keys.ok) return problemResponse(keys.reason);
  const found = await findProfile(context.env, keys.value, store);
  if (!found) return problemResponse(problemOf("unknown_customer"));
  return messageResponse(`{"profile":${inWordsOf(protocol, found.json)}}`);
}

async function lookUpForApp(context: AppContext): Promise<Response> {
  const body = await readBody(context.req.raw, appLookupSchema);
  if (!body.ok) return problemResponse(body.reason);
  const { store, fields, lineage, ...given } = body.value;
  const { env } = context;
  const caller = context.get("caller");
  if (!mayAskFor(caller, store)) return problemResponse(notOwnStore());
  const selection = selectGroups(context.get("fields"), { fields, lineage });
  if (!selection.ok) return problemResponse(selection.reason);
  const keys = keysOf(env, given, realmOf(env, caller));
  if (!keys.ok) return problemResponse(keys.reason);
  for (const customer of await holdersOf(env, keys.value)) {
    const question = { withJson: selection.value.lineage };
    const found = await readView(env, customer, question, store);
    if (found) return customerResponse(found, selection.value);
  }
  return problemResponse(problemOf("unknown_customer"));
}

function keysOf(
  env: Env,
  given: Identifiers,
  realm?: string,
): Result<readonly IdentityKey[], Problem> {
  const { REGULARS_PEPPER: pepper, COUNTRY: country } = settingsOf(env);
  const { keys, doubtful } = identityKeysOf(given, { pepper, country, realm });
  if (keys.length > 0) return ok(keys);
  const errors = doubtful.map((field) => ({ field, reason: "is not a valid value" }));
  return fail(problemOf("invalid_field", { errors }));
}

function realmOf(env: Env, caller: Caller): string | undefined {
  if (caller.kind === "connector") return caller.account.realm;
  return settingsOf(env).IDP_REALM || undefined;
}

const notOwnStore = (): Problem =>
  problemOf("forbidden", { errors: [{ field: "store", reason: "is not the caller's own" }] });
