/** @jsxImportSource hono/jsx */
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { customerIdSchema } from "@regulars/shared/ids";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { sessionCookie } from "../access/cookies.ts";
import { permit, permitAll } from "../access/permit.ts";
import type { Provider, ProviderFailed } from "../access/provider.ts";
import { csrfDoor, originDoor, sessionDoor } from "../access/session-door.ts";
import { assetRoutes } from "./assets.ts";
import { type ConsoleEnv, pageOf } from "./environment.ts";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { readVersions } from "../golden/history.ts";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readCustomer } from "./customer.ts";
import { CustomerPage } from "./customer-page.tsx";
import { findCustomers, readCustomers, readCustomersById } from "./customers.ts";
import { FoundPage, MissingPage } from "./found-page.tsx";
import { eventsOfActivity, eventsOfGolden, readPlaces, readZones } from "./lineage.ts";
import { StoresPage } from "./stores-page.tsx";
import { pageErrors } from "./errors/answer.tsx";
import { providerRoutes } from "./sign-in/provider-routes.tsx";
import { type SignInRoutesDeps, signInRoutes, signOutRoutes } from "./sign-in/routes.tsx";
import { readTotals } from "./totals.ts";
import { readWriters } from "./writers.ts";

const STORES_PER_PAGE = 20;
const CUSTOMERS_PER_PAGE = 25;
const VERSIONS_PER_PAGE = 20;
const FORM_BYTES = 4 * 1024;

const storesQuery = z.object({
  stores: z.string().max(64).default(""),
  customers: z.string().max(200).optional(),
});
const customerQuery = z.object({ versions: z.coerce.number().int().min(1).optional() });
const findForm = z.object({ "known-by": z.string().max(200) });

export interface PagesDeps extends SignInRoutesDeps {
  readonly storage: Storage;
  readonly identity: IdentityOptions;
  readonly nowMs: () => number;
  readonly onError: (error: unknown) => void;
  /** Null where people have accounts of this console alone. */
  readonly provider: Provider | null;
  readonly onProviderFailure: (failure: ProviderFailed) => void;
}

export function pageRoutes(deps: PagesDeps): Hono<ConsoleEnv> {
  const { storage, identity, nowMs } = deps;
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

  // By POST, so that what somebody is known by stands in no address, history or log (SEC2).
  pages.post(
    "/find",
    permit("customers.find"),
    bodyLimit({
      maxSize: FORM_BYTES,
      onError: () => {
        throw new Refused("too_large");
      },
    }),
    async (c) => {
      const form = parseRequest(findForm, await c.req.parseBody());
      const found = await findCustomers(storage, form["known-by"], identity);
      const [only] = found;
      if (only !== undefined && found.length === 1) return c.redirect(`/customers/${only}`, 303);
      return c.html(
        <FoundPage page={pageOf(c)} customers={await readCustomersById(storage, found)} />,
      );
    },
  );

  pages.get("/customers/:id", permit("customers.read"), async (c) => {
    const id = customerIdSchema.safeParse(c.req.param("id"));
    const view = id.success ? await readCustomer(storage, id.data) : null;
    if (!view) return c.html(<MissingPage page={pageOf(c)} />, 404);
    if (view.customer !== c.req.param("id")) return c.redirect(`/customers/${view.customer}`);
    const { versions } = parseRequest(customerQuery, c.req.query());
    const { golden, activity } = view;
    const { asOf } = activity;
    return c.html(
      <CustomerPage
        page={pageOf(c)}
        view={view}
        zone={asOf === null ? null : (await readZones(storage, [asOf]))(asOf)}
        places={await readPlaces(storage, [
          ...eventsOfGolden(golden),
          ...eventsOfActivity(activity),
        ])}
        versions={await readVersions(storage, view.customer, {
          before: versions ?? view.version + 1,
          limit: VERSIONS_PER_PAGE + 1,
        })}
        versionsShown={VERSIONS_PER_PAGE}
      />,
    );
  });

  // Last, so that nothing of the console is answered but by a page.
  pages.all("*", permitAll(), () => {
    throw new Refused("not_found");
  });
  return pages;
}
