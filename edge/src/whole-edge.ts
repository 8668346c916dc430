/** Directory, profiles and inboxes of the whole edge, whichever object each part of them lies in. */
import { createShardedDirectory } from "./directory/sharded.ts";
import type { Env } from "./environment.ts";
import { createShardedProfiles } from "./profile/sharded.ts";
import { createStores } from "./stores.ts";

export function wholeEdge(env: Env) {
  return {
    directory: createShardedDirectory(env),
    profiles: createShardedProfiles(env),
    stores: createStores(env),
  };
}
