/** What stands before every page: who is signed in, and that what they send comes from a page of ours (SEC1, SEC4). */
import { timingSafeEqual } from "node:crypto";
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import type { Context, MiddlewareHandler } from "hono";
import { csrf } from "hono/csrf";
import type { ConsoleEnv } from "../console/environment.ts";
import { Refused } from "../problem-answer.ts";
import type { Cookie } from "./cookies.ts";
import { signInPathOf } from "./next-path.ts";
import { isSeenDue, readSession, seeSession } from "./sessions.ts";

export interface SessionDoorDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly cookie: Cookie;
}

export function sessionDoor({
  storage,
  nowMs,
  cookie,
}: SessionDoorDeps): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    const token = cookie.read(c);
    const session = token === null ? null : await readSession(storage, token, nowMs());
    if (!session) return answerStranger(c);
    if (isSeenDue(session, nowMs())) await storage.write([seeSession(session.digest, nowMs())]);
    c.set("person", session.person);
    c.set("csrf", session.csrf);
    c.set("session", session.digest);
    await next();
  };
}

function answerStranger(c: Context): Response {
  if (c.req.header("hx-request") === "true") {
    // A part of a page cannot be a sign-in page: the whole page goes there, and comes back to where it was.
    return c.body(null, 401, { "hx-redirect": signInPathOf(pathOfCurrent(c)) });
  }
  if (c.req.method !== "GET" && c.req.method !== "HEAD") throw new Refused("signed_out");
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(signInPathOf(`${pathname}${search}`), 303);
}

function pathOfCurrent(c: Context): string {
  const current = c.req.header("hx-current-url") ?? "";
  if (!URL.canParse(current)) return "/";
  const { pathname, search } = new URL(current);
  return `${pathname}${search}`;
}

const isOwnOrigin = (origin: string, c: Context): boolean =>
  URL.canParse(origin) && new URL(origin).host === new URL(c.req.url).host;

/**
 * For programs, which have no session: a browser that has once been told the password sends it with whatever another site makes
 * it send, and says so. Programs name no origin.
 */
export function foreignDoor(): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header("origin");
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    if (!isRead && origin !== undefined && !isOwnOrigin(origin, c)) throw new Refused("forbidden");
    await next();
  };
}

/**
 * Forms of other sites are refused by what the browser says of their origin. The scheme is not compared: a proxy that ends
 * TLS says `http` to us, and the cookie is bound to the host alone.
 */
export function originDoor(): MiddlewareHandler {
  const check = csrf({ origin: isOwnOrigin });
  return async (c, next) => {
    let isOurs = false;
    try {
      await check(c, () => {
        isOurs = true;
        return Promise.resolve();
      });
    } catch {
      // It throws for whoever is not let through, and for nothing else.
    }
    if (!isOurs) throw new Refused("stale_form");
    await next();
  };
}

/** Whatever changes something carries the token of its session, as a form's field or as a header. */
export function csrfDoor(): MiddlewareHandler<ConsoleEnv> {
  return async (c, next) => {
    if (c.req.method === "GET" || c.req.method === "HEAD") return next();
    const sent = c.req.header("x-csrf") ?? (await csrfOfForm(c));
    if (!isSame(sent, c.get("csrf"))) throw new Refused("stale_form");
    await next();
  };
}

const isSame = (one: string, two: string): boolean =>
  timingSafeEqual(Buffer.from(sha256Hex(one)), Buffer.from(sha256Hex(two)));

const FORM = /^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i;

/** Reads the form, and leaves the request as if it had not been read: routes have limits and parsers of their own. */
async function csrfOfForm(c: Context): Promise<string> {
  const type = c.req.header("content-type") ?? "";
  if (!FORM.test(type)) return "";
  const bytes = await readBounded(c.req.raw);
  const headers = new Headers(c.req.raw.headers);
  headers.set("content-length", String(bytes.byteLength));
  headers.delete("transfer-encoding");
  c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: bytes });
  try {
    const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
    const sent = form.get("csrf");
    return typeof sent === "string" ? sent : "";
  } catch {
    return ""; // a body that is no form
  }
}

async function readBounded(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (Number(request.headers.get("content-length") ?? 0) > LIMITS.consoleFormBytes) {
    throw new Refused("too_large");
  }
  const body: AsyncIterable<Uint8Array> | readonly Uint8Array[] = request.body ?? [];
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > LIMITS.consoleFormBytes) throw new Refused("too_large");
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
