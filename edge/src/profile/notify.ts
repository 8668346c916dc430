/** Notices: changed profiles to the inboxes of interested stores, kept until each has taken them. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";
import type { ChangeText } from "../inbox/feed.ts";
import { IS_REDIRECT } from "./markers.ts";
import type { Owed, OwedNotice } from "./owed.ts";

export interface StoresPort {
  changed(store: string, changes: readonly ChangeText[]): Promise<void>;
}

/** Instead of a version, of a notice that was never stored. */
const IN_MEMORY = -1;

/** One batch of what is due. */
export async function notifyRound(
  storage: Storage,
  owed: Owed,
  stores: StoresPort,
  nowMs: number,
): Promise<RoundResult> {
  const { notices: live } = owed.all();
  const rows = await dueNotices(storage, live, nowMs);
  if (rows.length === 0) return nextDue(storage, nowMs);
  const byStore = Map.groupBy(rows, (row) => textOf(row, "store"));
  await Promise.all(
    [...byStore].map(([store, notices]) =>
      stores.changed(
        store,
        notices.map((row) => changeOf(row)),
      ),
    ),
  );
  const stored = rows.filter((row) => numberOf(row, "version") !== IN_MEMORY);
  // By version: a notice that was renewed meanwhile stays.
  const deletes = stored.map((row) => ({
    sql: "delete from notice where store = ? and customer = ? and version <= ?",
    args: [textOf(row, "store"), textOf(row, "customer"), numberOf(row, "version")],
  }));
  if (deletes.length > 0) await storage.write(deletes);
  owed.done({ notices: live });
  return "again";
}

async function nextDue(storage: Storage, nowMs: number): Promise<RoundResult> {
  const [row] = await rowsOf(storage, "select min(due_ms) as due from notice");
  const due = row?.["due"];
  if (typeof due !== "number") return "idle";
  // It has come since; and no alarm can be set for 0.
  return due <= nowMs ? "again" : { atMs: due };
}

/** Profiles that changed for stores that do not know it yet; of a customer that has moved away, where to. */
function dueNotices(storage: Storage, live: readonly OwedNotice[], nowMs: number): Promise<Row[]> {
  return rowsOf(
    storage,
    `select n.store, n.customer, n.version, p.json, p.version as profile_version, m.target
     from (
       select * from (
         select store, customer, version from notice indexed by notice_due
         where due_ms <= ? order by due_ms, store limit ?)
       union all select value ->> 'store', value ->> 'customer', ${IN_MEMORY} from json_each(?)) n
     left join profile p on p.customer = n.customer
     left join moved m on m.customer = n.customer and m.key = '' and m.${IS_REDIRECT}`,
    [nowMs, LIMITS.pullProfiles, JSON.stringify(live)],
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
