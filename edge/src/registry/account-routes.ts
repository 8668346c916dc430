/** Routes of whoever keeps the connectors: accounts, and the API keys that they prove themselves with. */
import { Hono } from "hono";
import { sourceIdSchema } from "@regulars/shared/ids";
import { problemOf } from "@regulars/shared/problem";
import { apiKeyText, digestHex, newApiKey } from "../access/api-key.ts";
import { mayReadAccount } from "../access/bounds.ts";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { keyName } from "../access/proof.ts";
import { fieldsFor } from "../access/fields-for.ts";
import { problemResponse } from "../problem-response.ts";
import { endListeners } from "../profile/sharded.ts";
import { readBody } from "../read-body.ts";
import { registryStub } from "../stubs.ts";
import { askRegistry, forgetRegistry } from "./known.ts";
import { accountInputSchema, apiKeyInputSchema, ownAccountSchema } from "./port.ts";

export const inputSchema = accountInputSchema.extend({
  id: sourceIdSchema.optional().describe("That of the path, or left out."),
});

const unknown = (): Response => problemResponse(problemOf("unknown_account"));

const badId = (reason: string): Response =>
  problemResponse(problemOf("invalid_field", { errors: [{ field: "id", reason }] }));

export const accountRoutes = new Hono<PermittedEnv>()
  .get("/", permit("accounts.manage"), async (context) =>
    context.json({
      accounts: await askRegistry(() => registryStub(context.env).accountViews()),
    }),
  )
  .get("/:id", permit("accounts.read"), async (context) => {
    const id = context.req.param("id");
    const { caller } = context.var;
    if (!mayReadAccount(caller, id)) return problemResponse(problemOf("forbidden"));
    const view = await askRegistry(() => registryStub(context.env).accountView(id));
    if (!view) return unknown();
    return context.json(fieldsFor(caller, "accounts.manage") ? view : ownAccountSchema.parse(view));
  })
  .put("/:id", permit("accounts.manage"), async (context) => {
    const id = sourceIdSchema.safeParse(context.req.param("id"));
    if (!id.success) return badId("is not an id of an account");
    const body = await readBody(context.req.raw, inputSchema);
    if (!body.ok) return problemResponse(body.reason);
    if ((body.value.id ?? id.data) !== id.data) return badId("is not the one in the path");
    const input = { ...body.value, id: id.data };
    const view = await askRegistry(() => registryStub(context.env).putAccount(input));
    forgetRegistry();
    const detail = "An account keeps its kind and its shop: its journal is there.";
    return view ? context.json(view) : problemResponse(problemOf("conflict", { detail }));
  })
  .post("/:id/keys", permit("accounts.manage"), async (context) => {
    const id = context.req.param("id");
    const body = await readBody(context.req.raw, apiKeyInputSchema);
    if (!body.ok) return problemResponse(body.reason);
    const { scopes, expiresAt } = body.value;
    const parts = newApiKey();
    const key = {
      id: parts.id,
      digest: await digestHex(parts.secret),
      scopes: [...new Set(scopes)],
      expiresMs: expiresAt === undefined ? null : Date.parse(expiresAt),
    };
    const view = await askRegistry(() => registryStub(context.env).addKey(id, key));
    // Shown this once: nobody can read it here again.
    return view ? context.json({ ...view, key: apiKeyText(parts) }, 201) : unknown();
  })
  .delete("/:id/keys/:key", permit("accounts.manage"), async (context) => {
    const { id, key } = context.req.param();
    const isGone = await askRegistry(() => registryStub(context.env).removeKey(id, key));
    forgetRegistry();
    if (isGone) await askRegistry(() => endListeners(context.env, keyName(key)));
    return isGone ? context.body(null, 204) : unknown();
  });
