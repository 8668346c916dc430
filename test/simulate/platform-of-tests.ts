/** A file of tests whose machines run in this thread: on the simulated platform, and what was there before is back after it. */
import { afterAll } from "vitest";
import { installPlatform, usePlatform } from "./platform.ts";

export function installForTests(): void {
  const { fetch, setTimeout, clearTimeout } = globalThis;
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  installPlatform();
  afterAll(() => {
    usePlatform(null);
    Object.assign(globalThis, { fetch, setTimeout, clearTimeout });
    AbortSignal.timeout = timeout;
  });
}
