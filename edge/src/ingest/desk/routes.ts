/** The intake desk: what could not be used, why, and what a person does about it. */
import { Hono } from "hono";
import { errorClassSchema, FAILURE_CODES } from "@regulars/shared/connect/failure";
import { storeIdSchema } from "@regulars/shared/ids";
import { problemOf, zodErrorToProblem } from "@regulars/shared/problem";
import { z } from "zod";
import { permit, type PermittedEnv } from "../../access/permit.ts";
import { fits } from "../../as-described.ts";
import type { Env } from "../../environment.ts";
import { inTurns } from "../../objects.ts";
import { problemResponse } from "../../problem-response.ts";
import { readBody } from "../../read-body.ts";
import { intakeOf } from "../../stubs.ts";
import {
  closedAnswerSchema,
  droppedAnswerSchema,
  failedAnswerSchema,
  groupsAnswerSchema,
  healthAnswerSchema,
  privacyAnswerSchema,
  replayedAnswerSchema,
  shownItemSchema,
} from "./answers.ts";
import { failedPage, itemName, readCursor } from "./failed-page.ts";
import { shopsOf } from "./shops.ts";

export const filterSchema = z.object({
  account: z.string().max(64).optional().describe("Of this account alone."),
  class: errorClassSchema.optional().describe("Of this class of failures."),
  code: z.enum(FAILURE_CODES).optional().describe("Failed for this reason."),
  cursor: z.string().max(512).optional().describe("Of the page before."),
});

/** `shop/number`. */
const itemSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}\/[1-9]\d{0,14}$/, "is not the name of an item");

export const replaySchema = z
  .object({
    item: itemSchema.optional().describe("This one: `shop/number`."),
    like: itemSchema.optional().describe("All that failed as this one did."),
    approve: z
      .boolean()
      .optional()
      .describe("The rules of the account do not hold it up: somebody has looked at it."),
    next: z.int().min(0).optional().describe("From the answer before."),
  })
  .refine(({ item, like }) => (item === undefined) !== (like === undefined), {
    path: ["item"],
    message: "is required where like is left out, and must be left out where like is given",
  });

export const dropSchema = z.object({
  item: itemSchema.describe("`shop/number`."),
  reason: z.string().min(1).max(200).describe("Why, in words; kept with it."),
});

function readItemName(name: string): { readonly shop: string; readonly n: number } {
  const [shop = "", n = ""] = name.split("/");
  return { shop, n: Number(n) };
}

export const numberTextSchema = z.string().regex(/^[1-9]\d{0,14}$/);
const numberSchema = numberTextSchema.transform(Number);

const notFound = (): Response => problemResponse(problemOf("not_found"));

/** The intakes of these shops, asked one and all. */
const askAll = async <Value>(
  env: Env,
  shops: readonly string[],
  ask: (shop: string) => PromiseLike<readonly Value[]>,
): Promise<(Value & { readonly shop: string })[]> => {
  const answers = await inTurns(shops, async (shop) =>
    (await ask(shop)).map((each) => ({ ...each, shop })),
  );
  return answers.flat();
};

export const deskRoutes = new Hono<PermittedEnv>()
  .get("/failed", permit("intake.read"), async ({ req, env, json, var: { caller } }) => {
    const filter = filterSchema.safeParse(req.query());
    if (!filter.success) return problemResponse(zodErrorToProblem(filter.error));
    const { cursor: text, ...rest } = filter.data;
    const cursor = text === undefined ? null : readCursor(text);
    const shops = await shopsOf(env, caller);
    const page = await failedPage(env, shops, { ...rest, cursor, nowMs: Date.now() });
    return json(fits(failedAnswerSchema, page));
  })
  .get("/groups", permit("intake.read"), async ({ env, json, var: { caller } }) => {
    const shops = await shopsOf(env, caller);
    const groups = await askAll(env, shops, (shop) => intakeOf(env, shop).groups());
    const named = groups.map((group) => ({ ...group, like: itemName(group.shop, group.example) }));
    const sorted = named.toSorted((a, b) => b.items - a.items);
    return json(fits(groupsAnswerSchema, { groups: sorted }));
  })
  .get("/items/:shop/:n", permit("intake.read"), async ({ req, env, json, var: { caller } }) => {
    const shop = storeIdSchema.safeParse(req.param("shop"));
    const n = numberSchema.safeParse(req.param("n"));
    if (!shop.success || !n.success) return notFound();
    if (!(await shopsOf(env, caller)).includes(shop.data)) return notFound();
    const item = await intakeOf(env, shop.data).show(n.data);
    return item ? json(fits(shownItemSchema, { ...item, shop: shop.data })) : notFound();
  })
  .post("/replay", permit("intake.replay"), async ({ req, env, json, var: { caller } }) => {
    const body = await readBody(req.raw, replaySchema);
    if (!body.ok) return problemResponse(body.reason);
    const { item, like, approve = false, next = 0 } = body.value;
    const { shop, n } = readItemName(item ?? like ?? "");
    if (!(await shopsOf(env, caller)).includes(shop)) return notFound();
    const ask = { item: n, isLike: like !== undefined, isApproved: approve, after: next };
    return json(fits(replayedAnswerSchema, await intakeOf(env, shop).replay(ask)));
  })
  .post("/drop", permit("intake.replay"), async ({ req, env, json, var: { caller } }) => {
    const body = await readBody(req.raw, dropSchema);
    if (!body.ok) return problemResponse(body.reason);
    const { shop, n } = readItemName(body.value.item);
    if (!(await shopsOf(env, caller)).includes(shop)) return notFound();
    const isDropped = await intakeOf(env, shop).drop(n, body.value.reason);
    return isDropped ? json(fits(droppedAnswerSchema, { dropped: 1 })) : notFound();
  })
  .get("/privacy", permit("intake.read"), async ({ env, json, var: { caller } }) => {
    const shops = await shopsOf(env, caller);
    const requests = await askAll(env, shops, (shop) => intakeOf(env, shop).privacy());
    const sorted = requests.toSorted((a, b) => a.dueMs - b.dueMs);
    return json(fits(privacyAnswerSchema, { requests: sorted }));
  })
  .post("/privacy/:shop/:n/close", permit("intake.replay"), async (context) => {
    const { req, env, var: variables } = context;
    const n = numberSchema.safeParse(req.param("n"));
    const shop = req.param("shop");
    const isTheirs = (await shopsOf(env, variables.caller)).includes(shop);
    if (!isTheirs || !n.success) return notFound();
    const isClosed = await intakeOf(env, shop).closePrivacy(n.data);
    return isClosed ? context.json(fits(closedAnswerSchema, { closed: 1 })) : notFound();
  })
  .get("/health", permit("intake.read"), async ({ env, json, var: { caller } }) => {
    const shops = await shopsOf(env, caller);
    const accounts = await askAll(env, shops, (shop) => intakeOf(env, shop).health());
    return json(fits(healthAnswerSchema, { accounts }));
  });
