/** @jsxImportSource hono/jsx */
import { customerIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { explainCustomer, explainPair } from "../../steward/explain.ts";
import { recordIdSchema } from "../../steward/requests.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { CustomerPage } from "./customer-page.tsx";
import { type CustomerView, readCustomer } from "./customer.ts";
import { findCustomers, readCustomers, readCustomersById, type CustomerSummary } from "./customers.ts"; // prettier-ignore
import { type DeskDeps, form } from "./deps.ts";
import { fieldRoutes } from "./field-routes.tsx";
import { FoundPage, MissingPage } from "./found-page.tsx";
import { LinksPage } from "./links-page.tsx";
import { CUSTOMER_COLUMNS, CustomersListPage } from "./list-page.tsx";
import { mergeRoutes } from "./merge-routes.tsx";
import { readPage, readPins, readZoneOf } from "./read-page.ts";

const CUSTOMERS_PER_PAGE = 25;
const FILE_PAGE = 500;

const listQuery = z.object({
  before: z.string().max(200).optional(),
  csv: z.literal("customers").optional(),
});
const customerQuery = z.object({ versions: z.coerce.number().int().min(1).optional() });
const findForm = z.object({ "known-by": z.string().max(LIMITS.searchChars) });
const pairForm = z.object({ a: recordIdSchema, b: recordIdSchema });

export function customersRoutes(deps: DeskDeps): Hono<ConsoleEnv> {
  const { storage, identity, intake, nowMs, newId } = deps;
  const routes = new Hono<ConsoleEnv>();

  routes.get("/customers", permit("customers.find"), async (c) => {
    const { before = null, csv } = parseRequest(listQuery, c.req.query());
    const page = pageOf(c);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      return csvResponse("customers", tableFile(CUSTOMER_COLUMNS, await readFile(deps)));
    }
    const customers = await readCustomers(storage, { before, limit: CUSTOMERS_PER_PAGE });
    return c.html(
      <CustomersListPage page={page} customers={customers} isFirst={before === null} />,
    );
  });

  // By POST, so that what somebody is known by stands in no address, history or log (SEC2).
  routes.post("/find", permit("customers.find"), form(), async (c) => {
    const { "known-by": typed } = parseRequest(findForm, await c.req.parseBody());
    const found = await findCustomers(storage, typed, identity);
    const [only] = found;
    if (only !== undefined && found.length === 1) return c.redirect(`/customers/${only}`, 303);
    const shown = found.slice(0, LIMITS.foundCustomers);
    const customers = await readCustomersById(storage, shown);
    return c.html(
      <FoundPage page={pageOf(c)} customers={customers} isMore={found.length > shown.length} />,
    );
  });

  const answer = async (c: Context<ConsoleEnv>, view: CustomerView) => {
    const { versions } = parseRequest(customerQuery, c.req.query());
    const page = pageOf(c);
    const { customer, version } = view;
    const desk = page.may("matches.decide")
      ? { page, customer, version, pins: await readPins(storage, customer), newId }
      : null;
    const content = await readPage(storage, view, versions);
    return c.html(<CustomerPage page={page} granted={c.get("fields")} desk={desk} {...content} />);
  };

  routes.get("/customers/:id", permit("customers.read"), async (c) => {
    const view = await viewOf(c, deps);
    if (!view) return c.html(<MissingPage page={pageOf(c)} />, 404);
    if (view.customer !== c.req.param("id")) return c.redirect(`/customers/${view.customer}`);
    return answer(c, view);
  });

  // Shown in this answer alone; a later visit is masked again.
  routes.post("/customers/:id/reveal", permit("customers.reveal"), form(), async (c) => {
    const view = await viewOf(c, deps);
    if (!view) return c.html(<MissingPage page={pageOf(c)} />, 404);
    const by = c.get("person").id;
    const target = view.customer;
    await storage.write([
      auditStatement({ atMs: nowMs(), by, action: "customers.reveal", target }),
    ]);
    return answer(c, view);
  });

  const links = async (c: Context<ConsoleEnv>, pair: z.infer<typeof pairForm> | null) => {
    const view = await viewOf(c, deps);
    if (!view) return c.html(<MissingPage page={pageOf(c)} />, 404);
    const { customer } = view;
    const { how, why } = await intake.alone(async ({ matching }) => ({
      how: await explainCustomer(storage, customer, matching),
      why: pair && (await explainPair(storage, pair.a, pair.b, matching, true)),
    }));
    const isOwn = why === null || why.customers.every((id) => id === customer);
    if (!how || !isOwn || (pair !== null && why === null)) throw new Refused("unknown_record");
    return c.html(
      <LinksPage
        page={pageOf(c)}
        view={view}
        zone={await readZoneOf(storage, view)}
        how={how}
        granted={c.get("fields")}
        why={pair && why && { ...pair, pair: why }}
      />,
    );
  };

  routes.get("/customers/:id/links", permit("customers.read"), (c) => links(c, null));

  // Ids of records in the body: they hold slashes, and belong to people.
  routes.post("/customers/:id/links", permit("customers.read"), form(), async (c) =>
    links(c, parseRequest(pairForm, await c.req.parseBody())),
  );

  routes.route("/", fieldRoutes(deps));
  routes.route("/", mergeRoutes(deps));
  return routes;
}

async function viewOf(c: Context<ConsoleEnv>, { storage }: DeskDeps): Promise<CustomerView | null> {
  const id = customerIdSchema.safeParse(c.req.param("id"));
  return id.success ? readCustomer(storage, id.data) : null;
}

async function readFile({ storage }: DeskDeps): Promise<CustomerSummary[]> {
  const rows: CustomerSummary[] = [];
  for (let before: string | null = null; rows.length < LIMITS.stewardFileRows;) {
    const page = await readCustomers(storage, { before, limit: FILE_PAGE });
    rows.push(...page.customers);
    before = page.next;
    if (before === null) break;
  }
  return rows;
}
