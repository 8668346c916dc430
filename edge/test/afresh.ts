/** Before each file: they share a workerd, for to start one takes longer than most files, and nothing of one is left for the next. */
import { reset } from "cloudflare:test";
import { beforeAll } from "vitest";
import { forgetRegistry } from "../src/registry/known.ts";

beforeAll(async () => {
  await reset();
  forgetRegistry();
});
