/** Somebody at the console, signed in, as a browser of theirs would be. */
import type { Role } from "@regulars/shared/access/roles";
import type { Storage } from "@regulars/shared/storage/port";
import type { Hono } from "hono";
import { startSession } from "../access/sessions.ts";

export interface VisitorDeps {
  readonly storage: Storage;
  readonly roles: readonly Role[];
  readonly nowMs: number;
  readonly drawSecret: () => string;
}

type Fields = Readonly<Record<string, string>> | readonly [string, string][];

const isPairs = (fields: Fields): fields is readonly [string, string][] => Array.isArray(fields);

export interface Visitor {
  /** Id of the person. */
  readonly id: string;
  /** Cookie, and the csrf token as htmx sends it. */
  readonly headers: Readonly<Record<string, string>>;
  readonly csrf: string;
  get(path: string, more?: Record<string, string>): Promise<Response>;
  /** A form of one of our pages, with its csrf field; a list of pairs where a field stands several times. */
  post(path: string, fields?: Fields, more?: Record<string, string>): Promise<Response>;
}

/** The person and their session are written as signing in writes them; no password has to be hashed for it. */
export async function visit(
  app: Hono,
  { storage, roles, nowMs, drawSecret }: VisitorDeps,
): Promise<Visitor> {
  const id = `p_${drawSecret().slice(0, 16)}`;
  const session = startSession(id, nowMs, drawSecret);
  await storage.write([
    {
      sql: `insert into person (id, name, roles, created_ms, created_by) values (?, ?, ?, ?, 'test')`,
      args: [id, `${roles.join("-")}-${id}`, JSON.stringify(roles), nowMs],
    },
    ...session.statements,
  ]);
  const { csrf } = session;
  const cookie = `regulars=${session.token}`;
  return {
    id,
    csrf,
    headers: { cookie, "x-csrf": csrf, origin: "http://localhost" },
    get: async (path, more = {}) => app.request(path, { headers: { cookie, ...more } }),
    post: async (path, fields = {}, more = {}) => {
      const pairs: readonly [string, string][] = isPairs(fields) ? fields : Object.entries(fields);
      const body = new URLSearchParams([["csrf", csrf], ...pairs]);
      const headers = { cookie, origin: "http://localhost", ...more };
      return app.request(path, { method: "POST", headers, body });
    },
  };
}
