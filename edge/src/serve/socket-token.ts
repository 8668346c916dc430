/**
 * The token of a socket that a browser opens. It cannot set `Authorization`, and a token in the URL would be written into
 * logs (SEC2), so it comes as a sub-protocol: `new WebSocket(url, ["bearer", token])`.
 */
import type { MiddlewareHandler } from "hono";

export const BEARER_PROTOCOL = "bearer";

export const isUpgrade = (request: Request): boolean =>
  request.headers.get("upgrade")?.toLowerCase() === "websocket";

/** Before the door: moves the token to where the door looks for it. */
export function takeSocketToken(): MiddlewareHandler {
  return async (context, next) => {
    const { raw } = context.req;
    const offered = raw.headers.get("sec-websocket-protocol");
    if (isUpgrade(raw) && offered !== null && !raw.headers.has("authorization")) {
      const [protocol, token] = offered.split(",").map((part) => part.trim());
      if (protocol === BEARER_PROTOCOL && token) {
        const headers = new Headers(raw.headers);
        headers.set("authorization", `Bearer ${token}`);
        context.req.raw = new Request(raw, { headers });
      }
    }
    await next();
  };
}
