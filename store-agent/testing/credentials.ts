import { ok } from "@regulars/shared/result";
import type { Credentials } from "../src/sync/credentials.ts";

/** Of an edge that takes one token for ever. */
export const fixedCredentials = (token: string): Credentials => ({
  tokenFor: () => Promise.resolve(ok(token)),
  forget: () => undefined,
});
