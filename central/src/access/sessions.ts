/**
 * Who is signed in. The browser holds 256 random bits, the database their SHA-256: whoever reads it signs in as nobody.
 * A session ends when it was not used for a while, after a working day at the latest, and as soon as its person is
 * disabled, gets other roles or another password.
 */
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import type { Person } from "./person.ts";
import { rolesOf } from "./roles-of.ts";

export interface Session {
  readonly digest: string;
  readonly person: Person;
  readonly csrf: string;
  readonly lastSeenMs: number;
}

export const sessionQuery = (digest: string, nowMs: number): Statement => ({
  sql: `select s.digest, s.csrf, s.last_seen_ms, p.id, p.name, p.roles
        from session s cross join person p on p.id = s.person
        where s.digest = ? and s.expires_ms > ? and s.last_seen_ms > ? and p.disabled_ms is null`,
  args: [digest, nowMs, nowMs - LIMITS.sessionIdleMs],
});

/** 43 characters of base64url are 256 bits. */
const isToken = (token: string): boolean => /^[\w-]{43}$/.test(token);

/** Null for whoever is not signed in, for whatever reason. */
export async function readSession(
  storage: Storage,
  token: string,
  nowMs: number,
): Promise<Session | null> {
  if (!isToken(token)) return null;
  const [[row] = []] = await storage.read([sessionQuery(sha256Hex(token), nowMs)]);
  if (!row) return null;
  return {
    digest: textOf(row, "digest"),
    csrf: textOf(row, "csrf"),
    lastSeenMs: numberOf(row, "last_seen_ms"),
    person: { id: textOf(row, "id"), name: textOf(row, "name"), roles: rolesOf(row) },
  };
}

export interface NewSession {
  /** For the browser, which alone keeps it. */
  readonly token: string;
  readonly csrf: string;
  /** For the write that signs somebody in. */
  readonly statements: readonly Statement[];
}

/** `before` is what the browser held until now: it ends, so that nobody signs somebody in with a cookie of their own. */
export function startSession(
  person: string,
  nowMs: number,
  drawSecret: () => string,
  before: string | null = null,
): NewSession {
  const token = drawSecret();
  const csrf = drawSecret();
  return {
    token,
    csrf,
    statements: [
      { sql: "delete from session where expires_ms <= ?", args: [nowMs] },
      ...(before === null ? [] : [endSession(sha256Hex(before))]),
      {
        sql: `insert into session (digest, person, created_ms, last_seen_ms, expires_ms, csrf)
              values (?, ?, ?, ?, ?, ?)`,
        args: [sha256Hex(token), person, nowMs, nowMs, nowMs + LIMITS.sessionMaxMs, csrf],
      },
      {
        sql: `delete from session where person = ? and digest not in (
                select digest from session where person = ? order by created_ms desc, digest limit ?)`,
        args: [person, person, LIMITS.personSessions],
      },
    ],
  };
}

/** Not with every request: a write costs a disk its sync. */
export const isSeenDue = ({ lastSeenMs }: Session, nowMs: number): boolean =>
  nowMs - lastSeenMs >= LIMITS.sessionSeenMs;

export const seeSession = (digest: string, nowMs: number): Statement => ({
  sql: "update session set last_seen_ms = ? where digest = ?",
  args: [nowMs, digest],
});

export const endSession = (digest: string): Statement => ({
  sql: "delete from session where digest = ?",
  args: [digest],
});

/** In the write of whatever takes rights away. */
export const endSessionsOf = (person: string): Statement => ({
  sql: "delete from session where person = ?",
  args: [person],
});
