/** A form of the console that somebody fills in by hand: no longer than its fields. */
import { bodyLimit } from "hono/body-limit";
import type { MiddlewareHandler } from "hono";
import { Refused } from "../../problem-answer.ts";

const FORM_BYTES = 64 * 1024;

export const limitedForm = (): MiddlewareHandler =>
  bodyLimit({
    maxSize: FORM_BYTES,
    onError: () => {
      throw new Refused("too_large");
    },
  });
