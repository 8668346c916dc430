/**
 * Before each file: they share a workerd, for to start one takes longer than most files. What the last one had begun is
 * forgotten, and once more what came of a call that was on its way meanwhile.
 */
import { reset } from "cloudflare:test";
import { beforeAll } from "vitest";
import { forgetRegistry } from "../src/registry/known.ts";

beforeAll(async () => {
  await reset();
  await new Promise((turn) => setTimeout(turn, 0));
  await reset();
  forgetRegistry();
});
