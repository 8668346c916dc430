/** Who calls, by shared key. A caller has one role; a route names the roles that it serves; all else is denied. */
import type { Context, MiddlewareHandler } from "hono";
import { problemOf } from "@regulars/shared/problem";
import { type Env, settingsOf } from "../environment.ts";
import { problemResponse } from "../problem-response.ts";

export type Role = "agent" | "app" | "central";

/** Lets through callers with one of the roles. */
export function allow(...roles: readonly Role[]): MiddlewareHandler<{ Bindings: Env }> {
  return async (context, next) => {
    const role = await roleOf(context);
    if (role === null) return problemResponse(problemOf("unauthorized"));
    if (!roles.includes(role)) return problemResponse(problemOf("forbidden"));
    await next();
  };
}

async function roleOf(context: Context<{ Bindings: Env }>): Promise<Role | null> {
  const [scheme, token] = (context.req.header("authorization") ?? "").split(" ");
  if (scheme?.toLowerCase() !== "bearer" || !token) return null;
  const settings = settingsOf(context.env);
  const known: readonly [Role, string][] = [
    ["agent", settings.REGULARS_AGENT_TOKEN],
    ["app", settings.REGULARS_APP_TOKEN],
    ["central", settings.REGULARS_CENTRAL_TOKEN],
  ];
  for (const [role, expected] of known) if (await isSame(token, expected)) return role;
  return null;
}

/** Compared as digests: their time does not tell how much of a token was right. */
async function isSame(given: string, expected: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(given), digest(expected)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

const digest = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
