/** Keys that the edge derives from its own secret, one for each purpose; derived once per isolate. */
import { type Env, settingsOf } from "../environment.ts";
import { deriveBytes } from "../registry/vault.ts";

export interface EdgeKeys {
  readonly tillToken: Uint8Array;
  readonly challenge: Uint8Array;
}

/** Not promises: what one request has begun is not for another one to wait for. */
const derived = new Map<string, EdgeKeys>();

/** By which what is new is signed. */
export const edgeKeysOf = (env: Env): Promise<EdgeKeys> =>
  keysOf(settingsOf(env).REGULARS_EDGE_SECRET);

/** By which what comes back may have been signed: two while the secret is being changed. */
export async function acceptedKeysOf(env: Env): Promise<EdgeKeys[]> {
  const { REGULARS_EDGE_SECRET_ALSO: also } = settingsOf(env);
  const current = await edgeKeysOf(env);
  return also === null ? [current] : [current, await keysOf(also)];
}

async function keysOf(secret: string): Promise<EdgeKeys> {
  const known = derived.get(secret);
  if (known) return known;
  const keys = {
    tillToken: await deriveBytes(secret, "regulars/till-token"),
    challenge: await deriveBytes(secret, "regulars/challenge"),
  };
  derived.set(secret, keys);
  return keys;
}
