/**
 * `POST /v1/customers/:id/claims` and `…/consents`: what somebody says over the API, taken in like everything that connectors
 * say: by the caller's own account, or for people by the one that is set up for it. It is durable when this answers (ING1),
 * and in the profile a moment later.
 */
import type { Account } from "@regulars/shared/connect/account";
import { APP_FORMAT, type AppSaying } from "@regulars/shared/connect/app/app";
import { sha256Hex } from "@regulars/shared/digest";
import { addressSchema } from "@regulars/shared/events/claim";
import { consentSchema } from "@regulars/shared/events/consent";
import { traitsSchema } from "@regulars/shared/events/trait";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Problem, problemOf } from "@regulars/shared/problem";
import { fail, ok, type Result } from "@regulars/shared/result";
import type { Context } from "hono";
import { z } from "zod";
import type { Caller } from "../access/caller.ts";
import type { PermittedEnv } from "../access/permit.ts";
import { type Env, settingsOf } from "../environment.ts";
import { overloadedResponse } from "../ingest/receive-items.ts";
import { logError } from "../log.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { createRegistry } from "../registry/known.ts";
import { intakeOf } from "../stubs.ts";
import { findCustomer, ME } from "./find.ts";
import { VIEW_GROUPS } from "./groups.ts";
import { readLines } from "./view.ts";

const text = z.string().trim().min(1).max(LIMITS.fieldChars);
const itemIdSchema = z.string().min(1).max(128);

const SAME_AGAIN = "The same again has no second effect; or the header `Idempotency-Key`.";

/** A card number is nobody's to claim: whoever has a card shows it. */
export const claimsBodySchema = z
  .strictObject({
    id: itemIdSchema.optional().describe(SAME_AGAIN),
    claims: z
      .strictObject({
        givenName: text,
        familyName: text,
        email: text,
        phone: text,
        birthDate: text,
        address: addressSchema,
        country: text,
        language: text,
      })
      .partial()
      .default({})
      .describe("What is said of the customer; what is left out stays as it was."),
    traits: traitsSchema
      .default({})
      .describe("Named values of the retailer's own making: text, numbers, true or false."),
  })
  .refine(({ claims, traits }) => Object.keys({ ...claims, ...traits }).length > 0, {
    message: "says nothing",
  });

export const consentBodySchema = z.strictObject({
  id: itemIdSchema.optional().describe(SAME_AGAIN),
  ...consentSchema.omit({ evidence: true }).shape,
  evidence: z
    .strictObject({ text: z.string().max(500), version: z.string().max(64) })
    .partial()
    .optional()
    .describe("What the customer saw when they said so."),
});

export const acceptedSchema = z.object({
  item: z.string().describe("Names what was taken in; the same for the same idempotency key."),
  accepted: z.literal(true),
});

type AppContext = Context<PermittedEnv>;

export async function writeClaims(context: AppContext, asked: string): Promise<Response> {
  const body = await readBody(context.req.raw, claimsBodySchema, LIMITS.writeBytes);
  if (!body.ok) return problemResponse(body.reason);
  const { id, claims, traits } = body.value;
  const customer = { ...claims, traits };
  return takeIn(context, { asked, id, said: { kind: "claim", customer } });
}

export async function writeConsent(context: AppContext, asked: string): Promise<Response> {
  const body = await readBody(context.req.raw, consentBodySchema, LIMITS.writeBytes);
  if (!body.ok) return problemResponse(body.reason);
  const { id, purpose, channel, state, evidence } = body.value;
  const said = { kind: "consent", purpose, channel, state, ...(evidence ? { evidence } : {}) };
  return takeIn(context, { asked, id, said: { ...said, kind: "consent" } });
}

type Capture = AppSaying["capture"];
type Said = Capture extends infer One
  ? One extends Capture
    ? Omit<One, "key" | "at">
    : never
  : never;

interface Saying {
  readonly asked: string;
  readonly id: string | undefined;
  readonly said: Said;
}

async function takeIn(context: AppContext, { asked, id, said }: Saying): Promise<Response> {
  const { env } = context;
  const caller = context.get("caller");
  const account = await accountFor(env, caller);
  if (!account) return problemResponse(problemOf("not_set_up", { detail: NO_ACCOUNT }));
  const subject = await subjectOf(env, caller, asked);
  if (!subject.ok) return problemResponse(subject.reason);
  const nowMs = Date.now();
  const given = itemIdSchema.safeParse(context.req.header("idempotency-key") ?? id);
  const key = itemKey(caller, subject.value, given.success ? given.data : crypto.randomUUID());
  const at = new Date(nowMs).toISOString();
  const own = caller.kind === "customer";
  const saying = { subject: subject.value, own, capture: { ...said, key, at } };
  const body = new TextEncoder().encode(JSON.stringify(saying));
  const item = { format: APP_FORMAT, topic: said.kind, key, headers: {}, body };
  try {
    const items = [{ ...item, receivedAtMs: nowMs }];
    const answer = await intakeOf(env, account.shop).receive(account, items);
    return answer
      ? Response.json({ item: key, accepted: true }, { status: 202 })
      : overloadedResponse();
  } catch (error) {
    logError("write", error);
    return problemResponse(problemOf("storage_unavailable"));
  }
}

const NO_ACCOUNT =
  "No account takes in what customers and staff say: the edge's APP_ACCOUNT names none.";

/** A connector speaks by its own account, everybody else by the one that is set up for what is said here. */
async function accountFor(env: Env, caller: Caller): Promise<Account | null> {
  if (caller.kind === "connector") return caller.account;
  const { APP_ACCOUNT } = settingsOf(env);
  const known = APP_ACCOUNT === "" ? null : await createRegistry(env).accountOf(APP_ACCOUNT);
  if (!known) return null;
  const { secrets: _secrets, ...account } = known;
  return account;
}

/**
 * Whom it is about: a customer by the key that its token proves, and no other; else the customer asked for, by the strongest
 * key that is known of it.
 */
async function subjectOf(
  env: Env,
  caller: Caller,
  asked: string,
): Promise<Result<IdentityKey[], Problem>> {
  // Whoever has just signed up is nobody yet, and becomes somebody by what they say.
  if (caller.kind === "customer" && asked === ME) return ok([caller.key]);
  const found = await findCustomer(env, caller, asked);
  if (!found) return fail(problemOf("unknown_customer"));
  if (caller.kind === "customer") return ok([caller.key]);
  const line = readLines(found.view.view ?? "")[VIEW_GROUPS.indexOf("keys") + 1];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a line of our own view
  const [strongest] = JSON.parse(line ?? "[]") as IdentityKey[];
  return strongest === undefined ? fail(problemOf("unknown_customer")) : ok([strongest]);
}

/** Within what one caller says of one customer: nobody takes up another one's name. Digested: what it holds is not ours. */
function itemKey(caller: Caller, subject: readonly IdentityKey[], given: string): string {
  const who = caller.kind === "connector" ? caller.account.id : caller.kind;
  return `app-${sha256Hex(JSON.stringify([who, subject, given])).slice(0, 32)}`;
}
