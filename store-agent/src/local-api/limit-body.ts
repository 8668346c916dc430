/**
 * No body is larger than so many bytes. One that says its size, as a POS's does, is not touched for that: Hono's own check
 * looks at the body as a stream first, and to make one of it costs more than a look-up and leaves as much garbage.
 */
import { problemOf } from "@regulars/shared/problem";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { problemResponse } from "./problem-response.ts";

const onError = (): Response => problemResponse(problemOf("too_large"));

export function limitBody(bytesMax: number): MiddlewareHandler {
  const limitStream = bodyLimit({ maxSize: bytesMax, onError });
  return (c, next) => {
    const size = c.req.header("content-length");
    // With both headers the size is not what counts.
    if (size === undefined || c.req.header("transfer-encoding") !== undefined) {
      return limitStream(c, next);
    }
    // Node has checked that it is a number, and reads no further.
    return Number(size) > bytesMax ? Promise.resolve(onError()) : next();
  };
}
