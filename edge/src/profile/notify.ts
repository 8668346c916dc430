/** Notices: changed profiles to the inboxes of interested stores, kept until each has taken them. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ChangeText } from "../inbox/feed.ts";
import { waitingNotices } from "./shard.ts";

export interface StoresPort {
  changed(store: string, changes: readonly ChangeText[]): Promise<void>;
}

/** One batch; false when nothing was waiting. */
export async function notifyRound(storage: Storage, stores: StoresPort): Promise<boolean> {
  const rows = await waitingNotices(storage, LIMITS.pullProfiles);
  if (rows.length === 0) return false;
  const byStore = Map.groupBy(rows, (row) => textOf(row, "store"));
  await Promise.all(
    [...byStore].map(([store, notices]) =>
      stores.changed(
        store,
        notices.map((row) => changeOf(row)),
      ),
    ),
  );
  // By version: a notice that was renewed meanwhile stays.
  await storage.write(
    rows.map((row) => ({
      sql: "delete from notice where store = ? and customer = ? and version <= ?",
      args: [textOf(row, "store"), textOf(row, "customer"), numberOf(row, "version")],
    })),
  );
  return true;
}

function changeOf(row: Row): ChangeText {
  const customer = textOf(row, "customer");
  const { target } = row;
  if (typeof target === "string") {
    return { customer, version: null, json: JSON.stringify({ customer, redirect: target }) };
  }
  return {
    customer,
    version: numberOf(row, "profile_version"),
    json: `{"profile":${textOf(row, "json")}}`,
  };
}
