/** The Worker: the edge's routes, its objects, and its clock. */
import { app } from "./app.ts";
import type { Env } from "./environment.ts";
import { sweep } from "./sweep/sweep.ts";

export { Directory } from "./directory/object.ts";
export { Inbox } from "./inbox/object.ts";
export { Intake } from "./intake/object.ts";
export { ProfileShard } from "./profile/object.ts";
export { Registry } from "./registry/object.ts";

export default {
  fetch: app.fetch,
  scheduled: async (_controller, env) => {
    await sweep(env);
  },
} satisfies ExportedHandler<Env>;
