/** The inboxes of all stores, as profiles and decisions reach them. */
import type { Env } from "./environment.ts";
import type { GoldenMark } from "./inbox/move-marks.ts";
import type { NeedsPort } from "./profile/deliver.ts";
import type { StoresPort } from "./profile/notify.ts";
import { inboxOf } from "./stubs.ts";

export interface MarksPort {
  markGolden(store: string, marks: readonly GoldenMark[]): Promise<void>;
}

export function createStores(env: Env): StoresPort & NeedsPort & MarksPort {
  return {
    changed: (store, changes) => inboxOf(env, store).changed(changes),
    need: (store, fragments) => inboxOf(env, store).need(fragments),
    markGolden: (store, marks) => inboxOf(env, store).markGolden(marks),
  };
}
