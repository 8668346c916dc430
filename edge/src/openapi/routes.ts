/** The edge describes itself: for programs, and on a page for people. Both say nothing about anybody. */
import { Hono } from "hono";
import { open } from "../access/permit.ts";
import type { Env } from "../environment.ts";
import { ADMINISTRATION_ROUTES, ADMINISTRATION_SCHEMAS } from "./administration.ts";
import { CUSTOMER_ROUTES, CUSTOMER_SCHEMAS } from "./customers.ts";
import type { DescribedRoute } from "./describe.ts";
import { DESK_ROUTES, DESK_SCHEMAS } from "./desk.ts";
import { openApiDocument } from "./document.ts";
import { INGESTION_ROUTES, INGESTION_SCHEMAS } from "./ingestion.ts";
import { OPERATION_ROUTES, OPERATION_SCHEMAS } from "./operation.ts";
import { referencePage } from "./reference.ts";
import { REFERENCE_STYLE } from "./style.ts";

export const DESCRIBED: readonly DescribedRoute[] = [
  ...CUSTOMER_ROUTES,
  ...INGESTION_ROUTES,
  ...DESK_ROUTES,
  ...ADMINISTRATION_ROUTES,
  ...OPERATION_ROUTES,
];
const NAMED = {
  ...CUSTOMER_SCHEMAS,
  ...INGESTION_SCHEMAS,
  ...DESK_SCHEMAS,
  ...ADMINISTRATION_SCHEMAS,
  ...OPERATION_SCHEMAS,
};

/** Made when somebody asks for it first. */
const made: { document?: string; page?: string } = {};

export const describedDocument = (): object => openApiDocument(DESCRIBED, NAMED);

/** Nothing but the page itself and its own style. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const AN_HOUR = { "cache-control": "public, max-age=3600", "x-content-type-options": "nosniff" };

export const openApiRoutes = new Hono<{ Bindings: Env }>()
  // Whoever opens the edge's address in a browser looks for what it can do.
  .get("/", open(), (c) => c.redirect("/reference"))
  .get("/openapi.json", open(), () => {
    made.document ??= JSON.stringify(describedDocument());
    return new Response(made.document, {
      headers: {
        ...AN_HOUR,
        "content-type": "application/json",
        "access-control-allow-origin": "*",
      },
    });
  })
  .get("/reference", open(), () => {
    made.page ??= referencePage(describedDocument());
    return new Response(made.page, {
      headers: {
        ...AN_HOUR,
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": POLICY,
      },
    });
  })
  .get(
    "/reference/style.css",
    open(),
    () =>
      new Response(REFERENCE_STYLE, {
        headers: { ...AN_HOUR, "content-type": "text/css; charset=utf-8" },
      }),
  );
