/** People at the console, as the database holds them, and what an admin may do about them. */
import type { Role } from "@regulars/shared/access/roles";
import type { Json } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { formatTime } from "../console/format.ts";
import { Refused } from "../problem-answer.ts";
import { auditStatement } from "./audit.ts";
import { rolesOf } from "./roles-of.ts";
import { endSessionsOf } from "./sessions.ts";

export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  /** `settings`: the account of the first start, whose password and role are not the console's to change. */
  readonly from: "settings" | "console" | "provider";
  readonly roles: readonly Role[];
  readonly createdMs: number;
  /** Id of a person, or `settings`, or `provider`. */
  readonly createdBy: string;
  readonly disabledMs: number | null;
  readonly version: number;
  /** Sessions that are open, and when one of them was used last. */
  readonly sessions: number;
  readonly lastSeenMs: number | null;
}

const COLUMNS = `p.id, p.name, p.issuer, p.roles, p.created_ms, p.created_by, p.disabled_ms, p.version,
  (select count(*) from session s where s.person = p.id and s.expires_ms > ? and s.last_seen_ms > ?) as sessions,
  (select max(s.last_seen_ms) from session s where s.person = p.id) as last_seen_ms`;

const sessionArgs = (nowMs: number): number[] => [nowMs, nowMs - LIMITS.sessionIdleMs];

/** By name, from the one after the person `after` on. The people of a head office are few: all of them are looked at. */
export const peopleQuery = (nowMs: number, after: string, limit: number): Statement => ({
  sql: `select ${COLUMNS} from person p
        where ? = '' or (p.name, p.id) > (select q.name, q.id from person q where q.id = ?)
        order by p.name, p.id limit ?`,
  args: [...sessionArgs(nowMs), after, after, limit],
});

export const personQuery = (id: string, nowMs: number): Statement => ({
  sql: `select ${COLUMNS} from person p where p.id = ?`,
  args: [...sessionArgs(nowMs), id],
});

function personOf(row: Row): KnownPerson {
  const createdBy = textOf(row, "created_by");
  const isProviders = row["issuer"] !== null;
  return {
    id: textOf(row, "id"),
    name: textOf(row, "name"),
    from: isProviders ? "provider" : createdBy === "settings" ? "settings" : "console",
    roles: rolesOf(row),
    createdMs: numberOf(row, "created_ms"),
    createdBy,
    disabledMs: row["disabled_ms"] === null ? null : numberOf(row, "disabled_ms"),
    version: numberOf(row, "version"),
    sessions: numberOf(row, "sessions"),
    lastSeenMs: row["last_seen_ms"] === null ? null : numberOf(row, "last_seen_ms"),
  };
}

export async function readPeople(
  storage: Storage,
  nowMs: number,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<KnownPerson[]> {
  const [rows = []] = await storage.read([peopleQuery(nowMs, after, limit)]);
  return rows.map(personOf);
}

export async function readPerson(
  storage: Storage,
  id: string,
  nowMs: number,
): Promise<KnownPerson | null> {
  const [[row] = []] = await storage.read([personQuery(id, nowMs)]);
  return row ? personOf(row) : null;
}

/** What is asked of one person; each is one write, with its line in the audit. */
export type PersonChange =
  | { readonly change: "roles"; readonly roles: readonly Role[] }
  | { readonly change: "disable" | "enable" | "sign_out" }
  | { readonly change: "password"; readonly hash: string };

export interface ChangeRequest {
  readonly id: string;
  /** The version that the page was drawn from: whoever was overtaken is told so. */
  readonly version: number;
  readonly by: string;
}

/**
 * Reads, decides and writes: callers take turns (`createSerial`). Fails with `Refused`: `not_found`, `conflict`, `last_admin`,
 * `forbidden` for what is the settings' or the provider's to change.
 */
export async function changePerson(
  storage: Storage,
  nowMs: number,
  { id, version, by }: ChangeRequest,
  change: PersonChange,
): Promise<void> {
  const person = await readPerson(storage, id, nowMs);
  if (!person) throw new Refused("not_found");
  if (person.version !== version) throw await overtaken(storage, id);
  if (isForeign(person, change)) throw new Refused("forbidden");
  if (losesAdmin(person, change) && !(await hasOtherAdmin(storage, id))) {
    throw new Refused("last_admin");
  }
  await storage.write([
    ...statementsOf(person, change, nowMs),
    auditStatement({
      atMs: nowMs,
      by,
      action: "people.manage",
      target: id,
      detail: detailOf(person, change),
    }),
  ]);
}

/** Roles of the provider's people are its word, the settings' account is theirs. */
const isForeign = ({ from }: KnownPerson, { change }: PersonChange): boolean =>
  (change === "roles" || change === "password") && from !== "console";

function losesAdmin(person: KnownPerson, change: PersonChange): boolean {
  if (person.disabledMs !== null || !person.roles.includes("admin")) return false;
  return change.change === "disable" || (change.change === "roles" && !change.roles.includes("admin")); // prettier-ignore
}

export const otherAdminsQuery = (id: string): Statement => ({
  sql: `select count(*) as n from person p where p.id <> ? and p.disabled_ms is null
        and exists (select 1 from json_each(p.roles) r where r.value = 'admin')`,
  args: [id],
});

async function hasOtherAdmin(storage: Storage, id: string): Promise<boolean> {
  const [[row] = []] = await storage.read([otherAdminsQuery(id)]);
  return row !== undefined && numberOf(row, "n") > 0;
}

function statementsOf({ id }: KnownPerson, change: PersonChange, nowMs: number): Statement[] {
  const set = (sql: string, ...args: (string | number | null)[]): Statement => ({
    sql: `update person set ${sql}, version = version + 1 where id = ?`,
    args: [...args, id],
  });
  switch (change.change) {
    case "roles":
      return [set("roles = ?", JSON.stringify(change.roles)), endSessionsOf(id)];
    case "disable":
      return [set("disabled_ms = ?", nowMs), endSessionsOf(id)];
    case "enable":
      return [set("disabled_ms = ?", null)];
    case "sign_out":
      return [endSessionsOf(id)];
    case "password":
      return [set("password_hash = ?", change.hash), endSessionsOf(id)];
  }
}

function detailOf(person: KnownPerson, change: PersonChange): Json {
  if (change.change !== "roles") return { change: change.change };
  return { change: "roles", before: person.roles, roles: change.roles };
}

/** Who was quicker, and when, in words. */
async function overtaken(storage: Storage, id: string): Promise<Refused> {
  const [[row] = []] = await storage.read([
    {
      sql: `select a.at_ms, coalesce(p.name, a.by) as name from audit a left join person p on p.id = a.by
            where a.target = ? and a.action = 'people.manage' order by a.at_ms desc, a.n desc limit 1`,
      args: [id],
    },
  ]);
  const detail = row
    ? `${textOf(row, "name")} has changed this person meanwhile, on ${formatTime(numberOf(row, "at_ms"), "UTC")} UTC.`
    : "This person has changed meanwhile: the identity provider says other things of them.";
  return new Refused(problemOf("conflict", { detail }));
}

export interface NewPerson {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly roles: readonly Role[];
  readonly by: string;
}

/** A local account. Fails with `Refused` `name_taken`. Callers take turns, as with `changePerson`. */
export async function addPerson(
  storage: Storage,
  nowMs: number,
  { id, name, hash, roles, by }: NewPerson,
): Promise<void> {
  const [[row] = []] = await storage.read([
    { sql: "select 1 from person where name = ? and password_hash is not null", args: [name] },
  ]);
  if (row) throw new Refused("name_taken");
  await storage.write([
    {
      sql: `insert into person (id, name, password_hash, roles, created_ms, created_by)
            values (?, ?, ?, ?, ?, ?)`,
      args: [id, name, hash, JSON.stringify(roles), nowMs, by],
    },
    auditStatement({ atMs: nowMs, by, action: "people.manage", target: id, detail: { change: "add", roles } }),
  ]); // prettier-ignore
}
