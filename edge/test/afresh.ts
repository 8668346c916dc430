/**
 * Before each file: they share a workerd, for to start one takes longer than most files. Nothing that is stored is left for the next,
 * nor what the registry has told, nor how many strangers have asked it.
 */
import { reset } from "cloudflare:test";
import { beforeAll } from "vitest";
import { forgetRegistry, forgetStrangers } from "../src/registry/known.ts";

beforeAll(async () => {
  await reset();
  forgetRegistry();
  forgetStrangers();
});
