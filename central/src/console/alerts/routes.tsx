/** @jsxImportSource hono/jsx */
// Alerts at the console: what stands and what has passed, by which rules, and who is told.
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import { auditStatement } from "../../access/audit.ts";
import { permit } from "../../access/permit.ts";
import { TEST } from "../../alerts/message.ts";
import { deliveredStatement, failedStatement, messageStatement } from "../../alerts/outbox.ts";
import { readRules, rulesStatement } from "../../alerts/rules.ts";
import { type FailureCode, type Way, WayFailed, WAYS } from "../../alerts/ways.ts";
import { pageStatement, readDifferences } from "../../compare/differences.ts";
import { readCompareStatus } from "../../compare/status.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { AlertsPage, columnsOf } from "./alerts-page.tsx";
import { differenceColumns, DifferencesPage } from "./differences-page.tsx";
import {
  messageByIdQuery,
  messagesQuery,
  pastQuery,
  readAlerts,
  readMessages,
  readWaiting,
  standingQuery,
  worstFirst,
} from "./queries.ts";
import { fieldsOf, readRuleFields } from "./rules-form.ts";
import { RulesPage, type RulesPageProps } from "./rules-page.tsx";
import { messageColumns, WaysPage } from "./ways-page.tsx";

export interface AlertRoutesDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly ways: readonly Way[];
  readonly newId: () => string;
  readonly onError: (error: unknown) => void;
}

const PAGE_ROWS = 50;
const FORM_BYTES = 16 * 1024;

const place = z.coerce.number().int().min(1).optional();
const listQuery = z.object({
  before: place,
  csv: z.enum(["standing", "past", "differences", "messages"]).optional(),
  saved: z.literal("1").optional(),
  tested: z.string().max(64).optional(),
});

const limited = () =>
  bodyLimit({
    maxSize: FORM_BYTES,
    onError: () => {
      throw new Refused("too_large");
    },
  });

/** One row more than is shown tells whether there are others. */
function pageOfRows<Row extends { readonly n: number }>(rows: readonly Row[], path: string) {
  const shown = rows.slice(0, PAGE_ROWS);
  const last = shown.at(-1);
  const next = rows.length > PAGE_ROWS && last ? `${path}?before=${last.n}` : null;
  return { shown, next };
}

function mayExport(c: Context<ConsoleEnv>): void {
  if (!pageOf(c).may("export")) throw new Refused("forbidden");
}

export function alertRoutes(deps: AlertRoutesDeps): Hono<ConsoleEnv> {
  const { storage, nowMs, ways } = deps;
  const routes = new Hono<ConsoleEnv>();
  const zoneOf = async () => (await readRules(storage)).rules.zone;

  routes.get("/alerts", permit("days.read"), async (c) => {
    const { before = null, csv } = parseRequest(listQuery, c.req.query());
    const zone = await zoneOf();
    if (csv !== undefined) {
      mayExport(c);
      const query = csv === "standing" ? standingQuery : (max: number) => pastQuery(null, max);
      const rows = await readAlerts(storage, query(LIMITS.alertFileRows));
      return csvResponse(`alerts-${csv}`, tableFile(columnsOf(zone, nowMs()), rows));
    }
    const past = await readAlerts(storage, pastQuery(before, PAGE_ROWS + 1));
    const { shown, next } = pageOfRows(past, "/alerts");
    return c.html(
      <AlertsPage
        page={pageOf(c)}
        standing={worstFirst(await readAlerts(storage, standingQuery(LIMITS.alertsPerMessage)))}
        past={shown}
        next={next}
        isFirst={before === null}
        waiting={await readWaiting(storage)}
        hasWays={ways.length > 0}
        compare={await readCompareStatus(storage, nowMs())}
        zone={zone}
        nowMs={nowMs()}
      />,
    );
  });

  routes.get("/alerts/differences", permit("days.read"), async (c) => {
    const { before = null, csv } = parseRequest(listQuery, c.req.query());
    const zone = await zoneOf();
    const page = pageOf(c);
    if (csv !== undefined) {
      mayExport(c);
      const rows = await readDifferences(storage, pageStatement(null, LIMITS.alertFileRows));
      return csvResponse("differences", tableFile(differenceColumns(page, zone, nowMs()), rows));
    }
    const rows = await readDifferences(storage, pageStatement(before, PAGE_ROWS + 1));
    const { shown, next } = pageOfRows(rows, "/alerts/differences");
    return c.html(
      <DifferencesPage
        page={page}
        status={await readCompareStatus(storage, nowMs())}
        differences={shown}
        next={next}
        zone={zone}
        nowMs={nowMs()}
      />,
    );
  });

  rulesRoutes(routes, deps);
  waysRoutes(routes, deps, zoneOf);
  return routes;
}

const rulesForm = z.record(z.string().max(64), z.string().max(64));
const versionSchema = z.coerce.number().int().min(0);

function rulesRoutes(routes: Hono<ConsoleEnv>, { storage, nowMs }: AlertRoutesDeps): void {
  const propsOf = async (c: Context<ConsoleEnv>): Promise<RulesPageProps> => {
    const standing = await readRules(storage);
    const by = await nameOf(storage, standing.by);
    const fields = fieldsOf(standing.rules);
    return { page: pageOf(c), standing, by, fields, errors: {}, notice: null, nowMs: nowMs() };
  };

  routes.get("/alerts/rules", permit("days.read"), async (c) => {
    const { saved } = parseRequest(listQuery, c.req.query());
    return c.html(
      <RulesPage {...await propsOf(c)} notice={saved === undefined ? null : "saved"} />,
    );
  });

  routes.post("/alerts/rules", permit("alerts.manage"), limited(), async (c) => {
    const { version, csrf: _csrf, ...fields } = parseRequest(rulesForm, await c.req.parseBody());
    const read = readRuleFields(fields);
    const props = await propsOf(c);
    if (!read.ok) return c.html(<RulesPage {...props} fields={fields} errors={read.errors} />, 422);
    const conflict = (now: RulesPageProps) =>
      c.html(<RulesPage {...now} fields={fields} notice="conflict" />, 409);
    if (parseRequest(versionSchema, version) !== props.standing.version) return conflict(props);
    const next = props.standing.version + 1;
    const by = c.get("person").id;
    try {
      await storage.write([
        rulesStatement(next, read.rules, nowMs(), by),
        auditStatement({ atMs: nowMs(), by, action: "alerts.manage", target: `rules/${next}` }),
      ]);
    } catch (error) {
      // In the moment between: the version is somebody else's.
      const now = await propsOf(c);
      if (now.standing.version === props.standing.version) throw error;
      return conflict(now);
    }
    return c.redirect("/alerts/rules?saved=1", 303);
  });
}

async function nameOf(storage: Storage, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const [row] = await rowsOf(storage, "select name from person where id = ?", [id]);
  return row ? textOf(row, "name") : null;
}

function waysRoutes(
  routes: Hono<ConsoleEnv>,
  deps: AlertRoutesDeps,
  zoneOf: () => Promise<string>,
): void {
  const { storage, nowMs, ways, newId, onError } = deps;

  routes.get("/alerts/ways", permit("days.read"), async (c) => {
    const { before = null, csv, tested } = parseRequest(listQuery, c.req.query());
    const zone = await zoneOf();
    if (csv !== undefined) {
      mayExport(c);
      const rows = await readMessages(storage, messagesQuery(null, LIMITS.alertFileRows));
      return csvResponse("messages", tableFile(messageColumns(zone, nowMs()), rows));
    }
    const rows = await readMessages(storage, messagesQuery(before, PAGE_ROWS + 1));
    const { shown, next } = pageOfRows(rows, "/alerts/ways");
    const [message = null] =
      tested === undefined ? [] : await readMessages(storage, messageByIdQuery(tested));
    return c.html(
      <WaysPage
        page={pageOf(c)}
        ways={ways}
        messages={shown}
        next={next}
        tested={message}
        zone={zone}
        nowMs={nowMs()}
      />,
    );
  });

  routes.post("/alerts/ways/:way/test", permit("alerts.manage"), limited(), async (c) => {
    const name = parseRequest(z.enum(WAYS), c.req.param("way"));
    const way = ways.find((each) => each.name === name);
    if (!way) throw new Refused("not_set_up");
    const id = newId();
    const by = c.get("person").id;
    // Due only after this attempt is over: the process may end in the middle of it.
    const dueMs = nowMs() + 2 * LIMITS.alertTimeoutMs;
    await storage.write([
      messageStatement(id, name, TEST, nowMs(), dueMs),
      auditStatement({ atMs: nowMs(), by, action: "alerts.manage", target: `test/${name}` }),
    ]);
    const failure = await way.send({ id, content: TEST }).then(
      () => null,
      (error: unknown): FailureCode => {
        onError(error);
        return error instanceof WayFailed ? error.code : "other";
      },
    );
    const [message] = await readMessages(storage, messageByIdQuery(id));
    if (message) {
      await storage.write([
        failure === null
          ? deliveredStatement(message.n, nowMs())
          : failedStatement(message.n, failure, null, nowMs()),
      ]);
    }
    return c.redirect(`/alerts/ways?tested=${id}`, 303);
  });
}
