/**
 * A page that a browser on this machine has open can let its own name point to 127.0.0.1 and so talk to the agent
 * (DNS rebinding). It cannot choose the Host header, so only names that are meant get in.
 */
import { problemOf } from "@regulars/shared/problem";
import type { MiddlewareHandler } from "hono";
import { problemResponse } from "./problem-response.ts";

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

export function onlyHosts(hosts: readonly string[]): MiddlewareHandler {
  const allowed = new Set([...LOOPBACK, ...hosts]);
  return async (c, next) => {
    const host = (c.req.header("host") ?? "").replace(/:\d+$/, "").toLowerCase();
    if (!allowed.has(host)) return problemResponse(problemOf("forbidden"));
    await next();
  };
}
