/**
 * What a check run does to the exceptions of a store-day (REC2): opens what is new, opens again what has gone or been judged by
 * other evidence, and settles what is found no more. Each change is a line in the exception's life; nothing goes silently.
 */
import { canonicalJson, sha256Hex } from "@regulars/shared/digest";
import { numberOf, type Row, type Statement, textOf } from "@regulars/shared/storage/port";
import { type Check, type ExceptionKind, type Found, KINDS, type Severity } from "../found.ts";
import type { ExceptionState } from "../store-day-state.ts";

export interface DayOf {
  readonly store: string;
  readonly businessDay: string;
}

/** An exception of the day as it stands. */
export interface Standing {
  readonly n: number;
  readonly fingerprint: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly state: ExceptionState;
  readonly version: number;
  /** What was found, as one text: another text is other evidence. */
  readonly content: string;
}

export interface Filed {
  readonly statements: readonly Statement[];
  /** How all exceptions of the day stand after these. */
  readonly after: readonly { readonly state: ExceptionState; readonly severity: Severity }[];
}

/** Found again on the same day it is the same exception. */
export const fingerprintOf = (
  { store, businessDay }: DayOf,
  { kind, about }: Pick<Found, "kind" | "about">,
): string => sha256Hex(`regulars/exception/${store}/${businessDay}/${kind}/${about}`);

export const standingQuery = ({ store, businessDay }: DayOf): Statement => ({
  sql: `select n, fingerprint, kind, severity, state, version, source, epoch, seq, currency, amount_minor, evidence
    from exception where store = ? and business_day = ? order by n`,
  args: [store, businessDay],
});

export function standingOfRow(row: Row): Standing {
  const kind = textOf(row, "kind");
  return {
    n: numberOf(row, "n"),
    fingerprint: textOf(row, "fingerprint"),
    kind,
    severity: oneOf(SEVERITIES, textOf(row, "severity")),
    state: oneOf(STATES, textOf(row, "state")),
    version: numberOf(row, "version"),
    content: JSON.stringify([
      row["source"] ?? null,
      row["epoch"] ?? null,
      row["seq"] ?? null,
      row["currency"] ?? null,
      row["amount_minor"] ?? null,
      evidenceOf(row),
    ]),
  };
}

const SEVERITIES = ["info", "warning", "serious"] as const satisfies readonly Severity[];
const STATES = [
  "open",
  "explained",
  "approved",
  "settled",
] as const satisfies readonly ExceptionState[];

function oneOf<const Value extends string>(values: readonly Value[], text: string): Value {
  const value = values.find((each) => each === text);
  if (value === undefined) throw new TypeError(`${text} is not of this database`);
  return value;
}

/** As it was written: canonical. */
const evidenceOf = (row: Row): string => textOf(row, "evidence");

const contentOf = ({ source, epoch, seq, currency, amountMinor, evidence }: Found): string =>
  JSON.stringify([source, epoch, seq, currency, amountMinor, canonicalJson(evidence)]);

export interface Filing {
  readonly day: DayOf;
  /** Who has looked: exceptions of other checks are left as they are. */
  readonly checks: readonly Check[];
  readonly found: readonly Found[];
  readonly standing: readonly Standing[];
  readonly nowMs: number;
}

/** Made from `standing`: where a person was quicker, the write fails as a whole and is to be made anew. */
export function fileFound({ day, checks, found, standing, nowMs }: Filing): Filed {
  const known = new Map(standing.map((each) => [each.fingerprint, each]));
  const byFingerprint = new Map(found.map((each) => [fingerprintOf(day, each), each]));
  const statements: Statement[] = [];
  const after: { state: ExceptionState; severity: Severity }[] = [];
  for (const [fingerprint, each] of byFingerprint) {
    const { severity } = KINDS[each.kind];
    const before = known.get(fingerprint);
    if (!before) statements.push(...openStatements(day, fingerprint, each, nowMs));
    else if (before.content !== contentOf(each) || before.state === "settled")
      statements.push(...changeStatements(before, each, nowMs));
    const isJudged = before !== undefined && before.content === contentOf(each);
    after.push({ severity, state: isJudged && before.state !== "settled" ? before.state : "open" });
  }
  for (const each of standing) {
    if (byFingerprint.has(each.fingerprint)) continue;
    const isOurs = checks.some((check) => check === checkOf(each.kind));
    const isSettled = isOurs && each.state !== "settled";
    if (isSettled) statements.push(...settleStatements(each, nowMs));
    after.push({ severity: each.severity, state: isSettled ? "settled" : each.state });
  }
  return { statements, after };
}

const checkOf = (kind: string): Check | null =>
  Object.hasOwn(KINDS, kind) ? KINDS[kind as ExceptionKind].check : null; // it is one of its names

function openStatements(
  { store, businessDay }: DayOf,
  fingerprint: string,
  found: Found,
  nowMs: number,
): Statement[] {
  const { kind, source, epoch, seq, currency, amountMinor } = found;
  const evidence = canonicalJson(found.evidence);
  return [
    {
      sql: `insert into exception (fingerprint, store, business_day, kind, severity, source, epoch, seq,
          currency, amount_minor, evidence, state, opened_ms, changed_ms, version)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, 1)`,
      args: [
        fingerprint, store, businessDay, kind, KINDS[kind].severity, source, epoch, seq, currency,
        amountMinor, evidence, nowMs, nowMs,
      ], // prettier-ignore
    },
    {
      sql: `insert into exception_entry (exception, at_ms, by, action, evidence)
        select n, ?, 'checks', 'opened', ? from exception where fingerprint = ?`,
      args: [nowMs, evidence, fingerprint],
    },
  ];
}

/** What somebody has judged by other evidence, and what had gone, is a question again. */
function changeStatements(before: Standing, found: Found, nowMs: number): Statement[] {
  const { source, epoch, seq, currency, amountMinor } = found;
  const evidence = canonicalJson(found.evidence);
  return [
    {
      sql: `update exception set version = ${NEXT_VERSION}, source = ?3, epoch = ?4, seq = ?5, currency = ?6,
          amount_minor = ?7, evidence = ?8, severity = ?9, state = 'open', explained_by = null, changed_ms = ?10
        where n = ?1`,
      args: [
        before.n, before.version, source, epoch, seq, currency, amountMinor, evidence,
        KINDS[found.kind].severity, nowMs,
      ], // prettier-ignore
    },
    entryStatement(before, before.state === "open" ? "changed" : "reopened", evidence, nowMs),
  ];
}

function settleStatements(before: Standing, nowMs: number): Statement[] {
  return [
    {
      sql: `update exception set version = ${NEXT_VERSION}, state = 'settled', changed_ms = ?3 where n = ?1`,
      args: [before.n, before.version, nowMs],
    },
    entryStatement(before, "settled", null, nowMs),
  ];
}

/** Null where the version is another one by now: a column that may not be null takes the whole write back. */
const NEXT_VERSION = "case when version = ?2 then version + 1 end";

const entryStatement = (
  { n }: Standing,
  action: "changed" | "reopened" | "settled",
  evidence: string | null,
  nowMs: number,
): Statement => ({
  sql: "insert into exception_entry (exception, at_ms, by, action, evidence) values (?, ?, 'checks', ?, ?)",
  args: [n, nowMs, action, evidence],
});
