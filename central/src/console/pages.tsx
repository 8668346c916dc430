/** @jsxImportSource hono/jsx */
import { Hono } from "hono";
import { sessionCookie } from "../access/cookies.ts";
import { permit, permitAll } from "../access/permit.ts";
import type { Provider, ProviderFailed } from "../access/provider.ts";
import { csrfDoor, originDoor, sessionDoor } from "../access/session-door.ts";
import { type AlertRoutesDeps, alertRoutes } from "./alerts/routes.tsx";
import { assetRoutes } from "./assets.ts";
import { type ConsoleEnv, pageOf } from "./environment.ts";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readCustomers } from "./customers/customers.ts";
import type { DeskDeps } from "./customers/deps.ts";
import { customersRoutes } from "./customers/routes.tsx";
import { matchesRoutes } from "./matches/routes.tsx";
import { exceptionRoutes } from "./exceptions/routes.tsx";
import { StoresPage } from "./stores-page.tsx";
import { type PolicyPagesDeps, policyPageRoutes } from "./policy/routes.tsx";
import { qualityRoutes } from "./quality/routes.tsx";
import { pageErrors } from "./errors/answer.tsx";
import { providerRoutes } from "./sign-in/provider-routes.tsx";
import { type SignInRoutesDeps, signInRoutes, signOutRoutes } from "./sign-in/routes.tsx";
import { readTotals } from "./totals.ts";
import { readWriters } from "./writers.ts";

const STORES_PER_PAGE = 20;
const CUSTOMERS_PER_PAGE = 25;

const storesQuery = z.object({
  stores: z.string().max(64).default(""),
  customers: z.string().max(200).optional(),
});
export interface PagesDeps
  extends SignInRoutesDeps, Omit<DeskDeps, "intake">, PolicyPagesDeps, AlertRoutesDeps {
  readonly onError: (error: unknown) => void;
  /** Null where people have accounts of this console alone. */
  readonly provider: Provider | null;
  readonly onProviderFailure: (failure: ProviderFailed) => void;
}

export function pageRoutes(deps: PagesDeps): Hono<ConsoleEnv> {
  const { storage, nowMs } = deps;
  const pages = new Hono<ConsoleEnv>();
  pages.onError(pageErrors(deps.onError));
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
      // To ourselves alone, where it is needed: without it browsers send forms with the origin "null".
      referrerPolicy: "same-origin",
    }),
  );

  pages.route("/", assetRoutes());
  pages.use(async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
  });
  pages.use(originDoor());
  const { provider, onProviderFailure } = deps;
  pages.route("/", signInRoutes({ ...deps, hasProvider: provider !== null }));
  if (provider) pages.route("/", providerRoutes({ ...deps, provider, onProviderFailure }));
  pages.use(sessionDoor({ storage, nowMs, cookie: sessionCookie(deps.origin) }));
  pages.use(csrfDoor());
  pages.route("/", signOutRoutes(deps));

  pages.route("/", qualityRoutes({ storage, nowMs }));
  pages.route("/", policyPageRoutes(deps));

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

  pages.route("/", exceptionRoutes(deps));
  pages.route("/", alertRoutes(deps));

  // Last, so that nothing of the console is answered but by a page.
  pages.all("*", permitAll(), () => {
    throw new Refused("not_found");
  });
  return pages;
}
