/** Exceptions and settlement for programs: the same functions as the console's, as JSON, by the account of the console. */
import { currencySchema } from "@regulars/shared/money";
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import type { Storage } from "@regulars/shared/storage/port";
import { type Context, Hono } from "hono";
import { z } from "zod";
import { CONSOLE_ID } from "../access/console-account.ts";
import { permit } from "../access/permit.ts";
import type { Person } from "../access/person.ts";
import type { ConsoleEnv } from "../console/environment.ts";
import { limitedForm } from "../console/exceptions/form.ts";
import { refusalWords } from "../console/exceptions/life-words.ts";
import { parseRequest, readJson, Refused } from "../problem-answer.ts";
import { type Decision, decideException, type DecisionRefusal } from "./exceptions/decide.ts";
import { filtersSchema } from "./exceptions/filters.ts";
import { placeOf, readExceptions } from "./exceptions/list.ts";
import { readEntries, readException } from "./exceptions/read.ts";
import { readFiles } from "./settlement/list.ts";
import { settlementMappingSchema } from "./settlement/mapping.ts";
import { Unreadable } from "./settlement/read-csv.ts";
import { fileRefusalWords, LINE_REASONS } from "./settlement/refusal.ts";
import type { DraftMapping } from "./settlement/shapes.ts";
import { isTakeable, type Survey } from "./settlement/survey.ts";
import { SameFile, type Upload, type Uploads, type UploadState } from "./settlement/uploads.ts";

export interface ReconcileRoutesDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly uploads: Uploads;
}

/** Who has the console's password acts as its account. */
const PROGRAM: Person = { id: CONSOLE_ID, name: CONSOLE_ID, roles: ["admin"] };

const pageQuery = z.object({
  after: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(LIMITS.exceptionPageRows),
});
const numberSchema = z.coerce.number().int().min(1);
const version = z.int().min(1);
const note = z.string().max(LIMITS.noteChars);
const BODIES = {
  assign: z.strictObject({ version, to: z.string().min(1).max(64).nullable() }),
  explain: z.strictObject({ version, note }),
  approve: z.strictObject({ version, note: note.optional() }),
  reject: z.strictObject({ version, note }),
  reopen: z.strictObject({ version, note }),
} as const;
const DOORS = { assign: "exceptions.work", explain: "exceptions.work", approve: "exceptions.approve", reject: "exceptions.approve", reopen: "exceptions.work" } as const; // prettier-ignore

export function reconcileRoutes(deps: ReconcileRoutesDeps): Hono<ConsoleEnv> {
  const { storage, nowMs } = deps;
  const routes = new Hono<ConsoleEnv>();
  for (const path of ["/exceptions/*", "/settlement/*"]) {
    routes.use(path, async (c, next) => {
      c.set("person", PROGRAM);
      await next();
    });
  }

  routes.get("/exceptions", permit("exceptions.read"), async (c) => {
    const filters = parseRequest(filtersSchema, c.req.query());
    const { after, limit } = parseRequest(pageQuery, c.req.query());
    const from = after === undefined ? null : placeOf(after);
    return c.json(await readExceptions(storage, filters, { after: from, limit }));
  });

  routes.get("/exceptions/:n", permit("exceptions.read"), async (c) => {
    const exception = await readException(storage, numberOfPath(c));
    if (!exception) throw new Refused("unknown_exception");
    const entries = await readEntries(storage, exception.n, LIMITS.exceptionEntryRows);
    return c.json({ ...exception, entries });
  });

  for (const action of ["assign", "explain", "approve", "reject", "reopen"] as const) {
    routes.post(`/exceptions/:n/${action}`, permit(DOORS[action]), limitedForm(), async (c) => {
      const body = await readJson(c);
      const request = { n: numberOfPath(c), ...requestOf(action, body) };
      const decided = await decideException({ storage, nowMs: nowMs() }, c.get("person"), request);
      if (!decided.ok) throw new Refused(problemOfRefusal(decided.reason));
      return c.json(decided.value);
    });
  }

  routes.get("/settlement", permit("settlement.read"), async (c) => {
    const query = z.object({ before: numberSchema.optional() }).safeParse(c.req.query());
    const before = query.success ? (query.data.before ?? null) : null;
    return c.json(await readFiles(storage, { before, limit: LIMITS.settlementPageRows }));
  });

  routes.post("/settlement", permit("settlement.import"), (c) => takeFile(c, deps.uploads));

  return routes;
}

const numberOfPath = (c: Context): number => {
  const n = numberSchema.safeParse(c.req.param("n"));
  if (!n.success) throw new Refused("unknown_exception");
  return n.data;
};

function requestOf(
  action: Decision["action"],
  body: unknown,
): { version: number; decision: Decision } {
  switch (action) {
    case "assign": {
      const { version: seen, to } = parseRequest(BODIES.assign, body);
      return { version: seen, decision: { action, to } };
    }
    case "approve": {
      const { version: seen, note: words } = parseRequest(BODIES.approve, body);
      return {
        version: seen,
        decision: { action, ...(words === undefined ? {} : { note: words }) },
      };
    }
    case "explain":
    case "reject":
    case "reopen": {
      const { version: seen, note: words } = parseRequest(BODIES[action], body);
      return { version: seen, decision: { action, note: words } };
    }
  }
}

/** People by their ids. */
function problemOfRefusal(refusal: DecisionRefusal) {
  if (refusal.why === "unknown_exception") return problemOf("unknown_exception");
  const detail = refusalWords(refusal, (id) => id);
  switch (refusal.why) {
    case "conflict":
    case "wrong_state":
      return problemOf("conflict", { detail: `${detail} It is version ${refusal.now.version}.` });
    case "same_person":
      return problemOf("forbidden", { detail });
    case "note_missing":
    case "note_too_long":
      return problemOf("invalid_field", { errors: [{ field: "note", reason: detail }] });
    case "unknown_person":
      return problemOf("invalid_field", { errors: [{ field: "to", reason: detail }] });
  }
}

const jsonText = z
  .string()
  .max(16_384)
  .transform((text, context) => {
    try {
      const value: unknown = JSON.parse(text);
      return value;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  });
const takeQuery = z.object({
  /** As it is shown in the list of files. */
  name: z.string().min(1).max(120).default("file.csv"),
  /** Where no column says so. */
  store: storeIdSchema.optional(),
  currency: currencySchema.optional(),
  /** `SettlementMapping`; without it, what was confirmed for this head, or a ready shape. */
  mapping: jsonText.pipe(settlementMappingSchema).optional(),
});

async function takeFile(c: Context<ConsoleEnv>, uploads: Uploads): Promise<Response> {
  const query = parseRequest(takeQuery, c.req.query());
  const by = c.get("person").id;
  const upload = await receive(uploads, {
    by,
    name: query.name,
    chunks: c.req.raw.body ?? nothing(),
  });
  try {
    await uploads.map(upload.id, by, draftOf(upload, query));
    refuseIfNot(upload.state);
    await uploads.take(upload.id, by);
    refuseIfNot(upload.state);
    // It may have been let go meanwhile, for eight others.
    if (upload.state.is !== "imported") throw new Refused("overloaded");
    return c.json(upload.state.imported, 201);
  } finally {
    await uploads.drop(upload.id, by);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(new Uint8Array());
}

async function receive(uploads: Uploads, request: Parameters<Uploads["add"]>[0]): Promise<Upload> {
  try {
    return await uploads.add(request);
  } catch (error) {
    if (error instanceof SameFile) {
      const detail = `${fileRefusalWords(error.refusal)} It is file ${error.refusal.file ?? 0}.`;
      throw new Refused(problemOf("conflict", { detail }));
    }
    if (!(error instanceof Unreadable)) throw error;
    const reason = error.refusal.reason === "too_large" ? "too_large" : "invalid_field";
    throw new Refused(problemOf(reason, { detail: fileRefusalWords(error.refusal) }));
  }
}

/** A store that was chosen for the last file like it says nothing about this one. */
function draftOf(upload: Upload, query: z.infer<typeof takeQuery>): DraftMapping {
  const { store: _, ...draft } = upload.draft;
  return {
    ...(query.mapping ?? draft),
    ...(query.store === undefined ? {} : { store: query.store }),
    ...(query.currency === undefined ? {} : { currency: query.currency }),
  };
}

/** Throws what stands in the way, where something does. */
function refuseIfNot(state: UploadState): void {
  switch (state.is) {
    case "read":
      if (!isTakeable(state.survey)) throw new Refused(problemOfSurvey(state.survey));
      return;
    case "refused": {
      const { refusal } = state;
      if (refusal.is === "survey") throw new Refused(problemOfSurvey(refusal.survey));
      throw new Refused(problemOf("conflict", { detail: fileRefusalWords(refusal.refusal) }));
    }
    case "unmapped": {
      const detail = fileRefusalWords({ reason: "not_chosen" });
      throw new Refused(problemOf("invalid_field", { detail }));
    }
    case "failed":
      throw new Refused("internal");
    case "reading":
    case "importing":
    case "imported":
  }
}

function problemOfSurvey({ refusal, problems }: Survey) {
  if (refusal) return problemOf("invalid_field", { detail: fileRefusalWords(refusal) });
  return problemOf("invalid_field", {
    detail: "A file is taken whole or not at all.",
    errors: problems.map(({ line, column, reason }) => ({
      field: column === null ? `line ${line}` : `line ${line}, column ${column}`,
      reason: LINE_REASONS[reason],
    })),
  });
}
