/** @jsxImportSource hono/jsx */
// Exceptions as people work through them: the list, one of them, and what they decide.
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { permit } from "../../access/permit.ts";
import { parseRequest, Refused } from "../../problem-answer.ts";
import {
  type Decision,
  decideException,
  type DecisionRefusal,
} from "../../reconcile/exceptions/decide.ts";
import { filterQuery, type Filters, filtersSchema } from "../../reconcile/exceptions/filters.ts";
import {
  placeOf,
  readCounts,
  readExceptions,
  readNeighbours,
} from "../../reconcile/exceptions/list.ts";
import {
  readEntries,
  readException,
  type StoredException,
} from "../../reconcile/exceptions/read.ts";
import { csvResponse } from "../csv.ts";
import { tableFile } from "../data-table.tsx";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { limitedForm } from "./form.ts";
import { ExceptionPage } from "./exception-page.tsx";
import { exceptionColumns } from "./columns.tsx";
import { ExceptionsPage } from "./exceptions-page.tsx";
import { refusalWords } from "./life-words.ts";
import { readColleagues, readNames } from "./people.ts";

export interface ExceptionRoutesDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
}

/** What stands in an address beside the filters. */
const listQuery = z.object({
  after: z.string().max(80).optional(),
  csv: z.literal("exceptions").optional(),
  done: z.string().max(40).optional(),
});
const numberSchema = z.coerce.number().int().min(1);
const decisionForm = z.object({
  version: z.coerce.number().int().min(1),
  note: z
    .string()
    .max(LIMITS.noteChars * 4)
    .default(""),
  to: z.string().max(64).default(""),
});

export function exceptionRoutes({ storage, nowMs }: ExceptionRoutesDeps): Hono<ConsoleEnv> {
  const routes = new Hono<ConsoleEnv>();

  routes.get("/exceptions", permit("exceptions.read"), async (c) => {
    const filters = parseRequest(filtersSchema, c.req.query());
    const { after, csv, done } = parseRequest(listQuery, c.req.query());
    const page = pageOf(c);
    if (csv !== undefined) {
      if (!page.may("export")) throw new Refused("forbidden");
      return csvOf(storage, filters, nowMs());
    }
    const from = after === undefined ? null : placeOf(after);
    const { exceptions, next } = await readExceptions(storage, filters, {
      after: from,
      limit: LIMITS.exceptionPageRows,
    });
    return c.html(
      <ExceptionsPage
        page={page}
        filters={filters}
        exceptions={exceptions}
        next={next === null ? null : `/exceptions${filterQuery(filters, { after: next })}`}
        isFirst={from === null}
        counts={await readCounts(storage, page.person.id)}
        colleagues={await readColleagues(storage)}
        names={await readNames(
          storage,
          exceptions.map(({ assignee }) => assignee),
        )}
        nowMs={nowMs()}
        done={doneWords(done)}
      />,
    );
  });

  routes.get("/exceptions/:n", permit("exceptions.read"), async (c) => {
    const exception = await readException(storage, numberOfPath(c));
    if (!exception) throw new Refused("unknown_exception");
    const { done } = parseRequest(listQuery, c.req.query());
    return c.html(
      await drawException(c, storage, exception, { done: doneWords(done), refusal: null }),
    );
  });

  const doors = { approve: "exceptions.approve", reject: "exceptions.approve", assign: "exceptions.work", explain: "exceptions.work", reopen: "exceptions.work" } as const; // prettier-ignore
  for (const action of ["assign", "explain", "approve", "reject", "reopen"] as const) {
    routes.post(`/exceptions/:n/${action}`, permit(doors[action]), limitedForm(), async (c) => {
      const form = parseRequest(decisionForm, await c.req.parseBody());
      const n = numberOfPath(c);
      const decided = await decideException({ storage, nowMs: nowMs() }, c.get("person"), {
        n,
        version: form.version,
        decision: decisionOf(action, form),
      });
      if (!decided.ok) return answerRefusal(c, storage, decided.reason, form.note);
      return c.redirect(await whereNext(storage, filtersOf(c), action, decided.value), 303);
    });
  }

  return routes;
}

const numberOfPath = (c: Context): number => {
  const n = numberSchema.safeParse(c.req.param("n"));
  if (!n.success) throw new Refused("unknown_exception");
  return n.data;
};

const filtersOf = (c: Context): Filters => parseRequest(filtersSchema, c.req.query());

function decisionOf(
  action: Decision["action"],
  { note, to }: z.infer<typeof decisionForm>,
): Decision {
  switch (action) {
    case "assign":
      return { action, to: to === "" ? null : to };
    case "approve":
      return { action };
    case "explain":
    case "reject":
    case "reopen":
      return { action, note };
  }
}

/** On to the next one, so that a list is worked through without going back to it; assigned is not done yet. */
async function whereNext(
  storage: Storage,
  filters: Filters,
  action: Decision["action"],
  exception: StoredException,
): Promise<string> {
  const done = { done: `${exception.n}.${action}` };
  if (action === "assign") return `/exceptions/${exception.n}${filterQuery(filters, done)}`;
  const { next } = await readNeighbours(storage, filters, exception);
  return next === null
    ? `/exceptions${filterQuery(filters, done)}`
    : `/exceptions/${next}${filterQuery(filters, done)}`;
}

const DONE_WORDS: Readonly<Record<Decision["action"], string>> = {
  assign: "was assigned",
  explain: "was explained; a colleague approves it",
  approve: "was approved",
  reject: "was sent back",
  reopen: "is open again",
};

/** `12.approve`: what the redirect says was done. */
function doneWords(done: string | undefined): string | null {
  const [, n = "", action = ""] = /^(\d{1,15})\.([a-z]+)$/.exec(done ?? "") ?? [];
  const words = Object.entries(DONE_WORDS).find(([name]) => name === action)?.[1];
  return words === undefined ? null : `Exception ${n} ${words}.`;
}

const STATUS = {
  conflict: 409,
  same_person: 403,
  wrong_state: 409,
  note_missing: 422,
  note_too_long: 422,
  unknown_person: 422,
} as const;

async function answerRefusal(
  c: Context<ConsoleEnv>,
  storage: Storage,
  refusal: DecisionRefusal,
  note: string,
): Promise<Response> {
  if (refusal.why === "unknown_exception") throw new Refused("unknown_exception");
  const last = refusal.why === "conflict" ? refusal.last : null;
  const names = await readNames(storage, [last?.by ?? null, last?.note ?? null]);
  const page = await drawException(c, storage, refusal.now, {
    done: null,
    refusal: { words: refusalWords(refusal, names), note },
  });
  return c.html(page, STATUS[refusal.why]);
}

async function drawException(
  c: Context<ConsoleEnv>,
  storage: Storage,
  exception: StoredException,
  said: {
    readonly done: string | null;
    readonly refusal: { readonly words: string; readonly note: string } | null;
  },
) {
  const filters = filtersOf(c);
  const entries = await readEntries(storage, exception.n, LIMITS.exceptionEntryRows);
  const people = entries.flatMap(({ by, action, note }) => [
    by,
    action === "assigned" ? note : null,
  ]);
  return (
    <ExceptionPage
      page={pageOf(c)}
      exception={exception}
      entries={entries}
      colleagues={await readColleagues(storage)}
      names={await readNames(storage, [exception.assignee, exception.explainedBy, ...people])}
      filters={filters}
      {...await readNeighbours(storage, filters, exception)}
      {...said}
    />
  );
}

async function csvOf(storage: Storage, filters: Filters, nowMs: number): Promise<Response> {
  const { exceptions } = await readExceptions(storage, filters, {
    after: null,
    limit: LIMITS.exceptionFileRows,
  });
  const names = await readNames(
    storage,
    exceptions.map(({ assignee }) => assignee),
  );
  return csvResponse("exceptions", tableFile(exceptionColumns(filters, names, nowMs), exceptions));
}
