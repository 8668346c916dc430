/** @jsxImportSource hono/jsx */
import { Hono } from "hono";
import type { Person } from "../access/person.ts";
import { permit } from "../access/permit.ts";
import { assetRoutes } from "./assets.ts";
import { type ConsoleEnv, pageOf } from "./environment.ts";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { parseRequest } from "../problem-answer.ts";
import { readCustomers } from "./customers/customers.ts";
import type { DeskDeps } from "./customers/deps.ts";
import { customersRoutes } from "./customers/routes.tsx";
import { matchesRoutes } from "./matches/routes.tsx";
import { StoresPage } from "./stores-page.tsx";
import { readTotals } from "./totals.ts";
import { readWriters } from "./writers.ts";

const STORES_PER_PAGE = 20;
const CUSTOMERS_PER_PAGE = 25;

const storesQuery = z.object({
  stores: z.string().max(64).default(""),
  customers: z.string().max(200).optional(),
});
export type PagesDeps = DeskDeps;

export function pageRoutes(deps: PagesDeps): Hono<ConsoleEnv> {
  const { storage, nowMs } = deps;
  const pages = new Hono<ConsoleEnv>();
  pages.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
      xFrameOptions: "DENY",
    }),
  );

  pages.route("/", assetRoutes());
  pages.use(async (c, next) => {
    c.set("person", FIRST_PERSON);
    c.set("csrf", "");
    await next();
    c.header("cache-control", "no-store");
  });

  pages.get("/", permit("days.read"), async (c) => {
    const { stores, customers } = parseRequest(storesQuery, c.req.query());
    const at = { stores, customers: customers ?? null };
    return c.html(
      <StoresPage
        page={pageOf(c)}
        totals={await readTotals(storage)}
        writers={await readWriters(storage, { after: stores, limit: STORES_PER_PAGE })}
        customers={await readCustomers(storage, {
          before: at.customers,
          limit: CUSTOMERS_PER_PAGE,
        })}
        nowMs={nowMs()}
        at={at}
      />,
    );
  });

  pages.route("/", customersRoutes(deps));
  pages.route("/", matchesRoutes(deps));

  return pages;
}

const FIRST_PERSON: Person = { id: "console", name: "console", roles: ["admin"] };
