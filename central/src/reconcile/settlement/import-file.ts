/**
 * Takes a processor's file in: whole, in one write, or not at all. Exports overlap, and a payment stands in several of them: a
 * line is known by currency, reference, amount and batch, and counts as often as the one file that has it most often. A line
 * without a batch was exported before its payout, so it is the same as the one with its batch that comes later.
 */
import { LIMITS } from "@regulars/shared/limits";
import { fail, ok, type Result } from "@regulars/shared/result";
import { createSerial } from "@regulars/shared/serial";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { auditStatement } from "../../access/audit.ts";
import { markDirty, markSettled } from "../dirty.ts";
import type { SettlementLine } from "./read-line.ts";
import type { FileRefusal } from "./refusal.ts";
import { rememberStatement } from "./remembered.ts";
import { isTakeable, type Survey, surveyFile, type SurveyOptions } from "./survey.ts";

export interface ImportRequest extends Omit<SurveyOptions, "onLine"> {
  readonly sha256: string;
  readonly name: string;
  /** Id of the person. */
  readonly by: string;
  readonly nowMs: number;
}

export interface Imported {
  readonly file: number;
  /** Taken in. */
  readonly lines: number;
  /** Known from files before. */
  readonly known: number;
  readonly skipped: number;
}

export type ImportRefusal =
  | { readonly is: "survey"; readonly survey: Survey }
  | { readonly is: "file"; readonly refusal: FileRefusal };

/** Not to be run twice at once: what is known decides what is written. */
export async function importFile(
  storage: Storage,
  request: ImportRequest,
): Promise<Result<Imported, ImportRefusal>> {
  const before = await importOf(storage, request.sha256);
  if (before !== null) return fail({ is: "file", refusal: { reason: "same_file", file: before } });
  const lines = createLines(storage);
  // In the order of the file: of two same lines the second counts what the first has left.
  const inTurn = createSerial();
  const waiting: Promise<void>[] = [];
  let chunk: SettlementLine[] = [];
  const survey = await surveyFile({
    ...request,
    pause: async () => {
      await Promise.all(waiting.splice(0));
      await request.pause();
    },
    onLine: (line) => {
      chunk.push(line);
      if (chunk.length < LIMITS.settlementChunkRows) return;
      const full = chunk;
      chunk = [];
      waiting.push(inTurn(() => lines.add(full)));
    },
  });
  if (!isTakeable(survey)) return fail({ is: "survey", survey });
  await Promise.all(waiting);
  await lines.add(chunk);
  return write(storage, request, survey, lines);
}

export async function importOf(storage: Storage, sha256: string): Promise<number | null> {
  const [row] = await rowsOf(storage, "select n from settlement_file where sha256 = ?", [sha256]);
  return row ? numberOf(row, "n") : null;
}

async function write(
  storage: Storage,
  request: ImportRequest,
  survey: Survey,
  lines: Lines,
): Promise<Result<Imported, ImportRefusal>> {
  const [last] = await rowsOf(storage, "select coalesce(max(n), 0) + 1 as n from settlement_file");
  const file = last ? numberOf(last, "n") : 1;
  const { taken, known, amountMinor, feeMinor } = lines.sums();
  const { sha256, name, mapping, header, by, nowMs } = request;
  await storage.write([
    {
      sql: `insert into settlement_file (n, sha256, name, shape, lines, known, skipped, currency, amount_minor, fee_minor,
          first_day, last_day, imported_ms, imported_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [
        file,
        sha256,
        name,
        mapping.shape,
        taken,
        known,
        survey.skipped,
        survey.currency ?? "",
        amountMinor,
        feeMinor,
        survey.firstDay,
        survey.lastDay,
        nowMs,
        by,
      ],
    },
    ...lines.statements(file),
    ...lines.dirty(nowMs),
    rememberStatement(header, { mapping, by, atMs: nowMs }),
    auditStatement({
      atMs: nowMs,
      by,
      action: "settlement.import",
      target: `settlement/${file}`,
      detail: { sha256, shape: mapping.shape, lines: taken, known },
    }),
  ]);
  return ok({ file, lines: taken, known, skipped: survey.skipped });
}

interface Lines {
  add(chunk: readonly SettlementLine[]): Promise<void>;
  sums(): { taken: number; known: number; amountMinor: number; feeMinor: number };
  statements(file: number): Statement[];
  /** Days that it is about, and those that are settled by it in that they are waited for no more. */
  dirty(nowMs: number): Statement[];
}

/** Lines that are not known yet, as the text that the write takes them from: a tenth of what they would be as objects. */
function createLines(storage: Storage): Lines {
  const chunks: string[] = [];
  /** How often each line has come in this file, and how often it is stored. */
  const seen = new Map<string, { times: number; stored: number }>();
  const days = new Map<string, { store: string; businessDay: string }>();
  const sum = { taken: 0, known: 0, amountMinor: 0, feeMinor: 0 };

  function take(line: SettlementLine): boolean {
    const counted = seen.get(keyOf(line));
    if (!counted) throw new Error("a line was not looked up");
    counted.times += 1;
    if (counted.times <= counted.stored) {
      sum.known += 1;
      return false;
    }
    sum.taken += 1;
    sum.amountMinor += line.amountMinor;
    sum.feeMinor += line.feeMinor ?? 0;
    const { store, businessDay } = line;
    days.set(`${store}/${businessDay}`, { store, businessDay });
    return true;
  }

  return {
    async add(chunk) {
      const anew = chunk.filter((line) => !seen.has(keyOf(line)));
      for (const [key, stored] of await storedOf(storage, anew))
        seen.set(key, { times: 0, stored });
      const fresh = chunk.filter(take).map(rowOf);
      if (fresh.length > 0) chunks.push(JSON.stringify(fresh));
    },
    sums: () => sum,
    statements: (file) => chunks.map((chunk) => linesStatement(file, chunk)),
    dirty(nowMs) {
      const first = new Map<string, string>();
      for (const { store, businessDay } of days.values()) {
        const known = first.get(store);
        if (known === undefined || businessDay < known) first.set(store, businessDay);
      }
      return [
        markDirty([...days.values()], nowMs),
        ...[...first].map(([store, day]) => markSettled(store, day, nowMs)),
      ];
    },
  };
}

const keyOf = ({ reference, currency, amountMinor, batch }: SettlementLine): string =>
  JSON.stringify([reference, currency, amountMinor, batch]);

const rowOf = (line: SettlementLine): (string | number | null)[] => [
  line.line,
  line.store,
  line.businessDay,
  line.batch,
  line.reference,
  line.currency,
  line.amountMinor,
  line.feeMinor,
  line.atMs,
];

const linesStatement = (file: number, chunk: string): Statement => ({
  sql: `insert into settlement_line (file, line, store, business_day, batch, reference, currency, amount_minor, fee_minor, at_ms)
    select ?2, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8
    from json_each(?1)`,
  args: [chunk, file],
});

/** How often each line is stored; exported for a test of its plan. A line without a batch is any batch's. */
export const storedQuery = (keys: string): Statement => ({
  sql: `select k.key, count(*) as stored
    from (select value ->> 0 as key, value ->> 1 as reference, value ->> 2 as currency, value ->> 3 as amount,
      value ->> 4 as batch from json_each(?1)) k
    cross join settlement_line l indexed by settlement_line_reference
    on l.reference = k.reference and l.currency = k.currency and l.amount_minor = k.amount
      and (k.batch is null or l.batch is null or l.batch = k.batch)
    group by k.key`,
  args: [keys],
});

async function storedOf(
  storage: Storage,
  lines: readonly SettlementLine[],
): Promise<Map<string, number>> {
  const stored = new Map(lines.map((line) => [keyOf(line), 0]));
  if (stored.size === 0) return stored;
  const keys = new Map(
    lines.map((line) => [
      keyOf(line),
      [line.reference, line.currency, line.amountMinor, line.batch],
    ]),
  );
  const { sql, args = [] } = storedQuery(
    JSON.stringify([...keys].map(([key, parts]) => [key, ...parts])),
  );
  for (const row of await rowsOf(storage, sql, args)) {
    stored.set(textOf(row, "key"), numberOf(row, "stored"));
  }
  return stored;
}
