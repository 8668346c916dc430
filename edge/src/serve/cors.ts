/** Which pages may call from a browser. None unless the retailer names them: tokens are no reason to trust a page. */
import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { type Env, settingsOf } from "../environment.ts";
import { isUpgrade } from "./socket-token.ts";

const DAY_S = 86_400;

export function appCors(): MiddlewareHandler<{ Bindings: Env }> {
  const answers = cors({
    origin: (origin, context: Context<{ Bindings: Env }>) =>
      settingsOf(context.env).APP_ORIGINS.includes(origin) ? origin : null,
    allowMethods: ["GET", "POST"],
    allowHeaders: [
      "authorization",
      "content-type",
      "idempotency-key",
      "if-none-match",
      "last-event-id",
    ],
    exposeHeaders: ["etag", "retry-after"],
    maxAge: DAY_S,
  });
  // A socket is not asked about: whoever opens one shows a token, which no other page can send along.
  return (context, next) => {
    const { headers, method } = context.req.raw;
    const isPage = (headers.has("origin") || method === "OPTIONS") && !isUpgrade(context.req.raw);
    return isPage ? answers(context, next) : next();
  };
}
