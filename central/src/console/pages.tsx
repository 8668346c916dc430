/** @jsxImportSource hono/jsx */
import type { IdentityOptions } from "@regulars/shared/identity/key";
import { customerIdSchema } from "@regulars/shared/ids";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import type { Person } from "../access/person.ts";
import { permit } from "../access/permit.ts";
import { assetRoutes } from "./assets.ts";
import { type ConsoleEnv, pageOf } from "./environment.ts";
import { bodyLimit } from "hono/body-limit";
import { secureHeaders } from "hono/secure-headers";
import { z } from "zod";
import { readVersions } from "../golden/history.ts";
import { parseRequest, Refused } from "../problem-answer.ts";
import { readCustomer } from "./customer.ts";
import { CustomerPage } from "./customer-page.tsx";
import { findCustomers, readCustomersById } from "./customers.ts";
import { FoundPage, MissingPage } from "./found-page.tsx";
import { eventsOfActivity, eventsOfGolden, readPlaces, readZones } from "./lineage.ts";
import { sourcesRoutes } from "./sources/routes.tsx";
import { storeDayRoutes } from "./store-day/routes.tsx";
import { todayRoutes } from "./today/routes.tsx";
import type { AskEdge } from "../tills/routes.ts";
import type { EdgeWatch } from "../watch/edge-watch.ts";

const VERSIONS_PER_PAGE = 20;
const FORM_BYTES = 4 * 1024;

const customerQuery = z.object({ versions: z.coerce.number().int().min(1).optional() });
const findForm = z.object({ "known-by": z.string().max(200) });

export interface PagesDeps {
  readonly storage: Storage;
  readonly identity: IdentityOptions;
  readonly askEdge: AskEdge;
  readonly edgeWatch: EdgeWatch;
  readonly nowMs: () => number;
}

export function pageRoutes(deps: PagesDeps): Hono<ConsoleEnv> {
  const { storage, identity } = deps;
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

  pages.route("/", todayRoutes(deps));
  pages.route("/", storeDayRoutes(deps));
  pages.route("/", sourcesRoutes(deps));

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

  return pages;
}

const FIRST_PERSON: Person = { id: "console", name: "console", roles: ["admin"] };
