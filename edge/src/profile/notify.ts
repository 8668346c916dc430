/** Notices: changed profiles to the inboxes of interested stores, kept until each has taken them. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import type { ChangeText } from "../inbox/feed.ts";
import { IS_REDIRECT } from "./markers.ts";

export interface StoresPort {
  changed(store: string, changes: readonly ChangeText[]): Promise<void>;
}

/** One batch of what is due. */
export async function notifyRound(
  storage: Storage,
  stores: StoresPort,
  nowMs: number,
): Promise<RoundResult> {
  const rows = await dueNotices(storage, nowMs);
  if (rows.length === 0) return nextDue(storage);
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
  return "again";
}

async function nextDue(storage: Storage): Promise<RoundResult> {
  const [row] = await rowsOf(storage, "select min(due_ms) as due from notice");
  const due = row?.["due"];
  return typeof due === "number" ? { atMs: due } : "idle";
}

/** Profiles that changed for stores that do not know it yet; of a customer that has moved away, where to. */
function dueNotices(storage: Storage, nowMs: number): Promise<Row[]> {
  return rowsOf(
    storage,
    `select n.store, n.customer, n.version, p.json, p.version as profile_version, m.target
     from notice n indexed by notice_due left join profile p on p.customer = n.customer
     left join moved m on m.customer = n.customer and m.key = '' and m.${IS_REDIRECT}
     where n.due_ms <= ? order by n.due_ms, n.store limit ?`,
    [nowMs, LIMITS.pullProfiles],
  );
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
