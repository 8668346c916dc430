/** Replaying the quarantine of the whole edge: store by store, a page per call. */
import { storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import {
  type Place,
  parsePlace,
  placeText,
  type Replay,
  type ReplayAnswer,
} from "@regulars/shared/quarantine";
import type { Env } from "../environment.ts";
import { storesOf } from "../objects.ts";
import { inboxOf } from "../stubs.ts";

interface Cursor {
  readonly store: string;
  readonly after: Place | null;
}

/** Null when `after` is nothing that an answer has held. */
export async function replayQuarantine(env: Env, replay: Replay): Promise<ReplayAnswer | null> {
  const { source = null, epoch = null, seq = null } = replay;
  const cursor =
    replay.after === undefined ? { store: "", after: null } : parseCursor(replay.after);
  if (!cursor) return null;
  const stores = (await storesOf(env)).filter(
    (store) => store >= cursor.store && (replay.store ?? store) === store,
  );
  let replayed = 0;
  let kept = 0;
  for (const store of stores) {
    const max = LIMITS.replayRows - replayed - kept;
    if (max === 0) return { replayed, kept, more: true, next: `${store}/` };
    const after = store === cursor.store ? cursor.after : null;
    const page = await inboxOf(env, store).replay({ source, epoch, seq, after, max });
    replayed += page.replayed;
    kept += page.kept;
    if (page.next) return { replayed, kept, more: true, next: `${store}/${placeText(page.next)}` };
  }
  return { replayed, kept, more: false };
}

function parseCursor(text: string): Cursor | null {
  const [name = "", ...rest] = text.split("/");
  const store = storeIdSchema.safeParse(name);
  if (!store.success || rest.length === 0) return null;
  const place = rest.join("/");
  const after = place === "" ? null : parsePlace(place);
  return place !== "" && after === null ? null : { store: store.data, after };
}
