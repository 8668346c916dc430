/** Queues: after the faults, each has to run empty. Looked at on the disks themselves, past all machines. */
import { numberOf, type Row } from "@regulars/shared/storage/port";
import type { Database } from "./database.ts";
import type { World } from "./world.ts";

/** What is still waiting, the first of it that is found; null when nothing is. */
export function firstWaiting(world: World): string | null {
  for (const till of world.tills) {
    if (!till.machine()) return `${till.name}: is not open`;
    const unanswered = till.orders.find(({ state }) => state === "waiting" || state === "begun");
    if (unanswered) return `${till.name}: capture ${unanswered.tag} is not answered`;
    for (const { what, sql } of TILL_QUEUES) {
      const [row] = rowsIn(till.disk.database, sql);
      if (row) return `${till.name}: ${what} ${JSON.stringify(row)}`;
    }
  }
  for (const [store, { disk }] of world.edge.inboxes) {
    for (const { what, sql } of INBOX_QUEUES) {
      const [row] = rowsIn(disk.database, sql);
      if (row) return `inbox/${store}: ${what} ${JSON.stringify(row)}`;
    }
  }
  for (const { name, disk } of world.edge.profiles) {
    for (const { what, sql } of PROFILE_QUEUES) {
      const [row] = rowsIn(disk.database, sql);
      if (row) return `${name}: ${what} ${JSON.stringify(row)}`;
    }
  }
  if (world.centre.isUnheard()) return "centre: nobody knows that it has come back";
  const [decision] = rowsIn(world.centre.disk.database, "select payload from publication limit 1");
  if (decision) return `centre: decision not applied ${JSON.stringify(decision)}`;
  return firstBehind(world);
}

const TILL_QUEUES = [
  {
    what: "rows not golden",
    sql: "select epoch, seq, accepted, merged, golden from writer where golden < seq limit 1",
  },
  { what: "rows not sealed anew", sql: "select * from reseal limit 1" },
  { what: "updates not let go", sql: "select epoch, seq from outbox limit 1" },
];

const INBOX_QUEUES = [
  {
    what: "items not through",
    sql: `select m.source, m.epoch, i.seq, m.accepted, m.merged, m.delivered, m.golden
          from mark m join item i on i.source = m.source and i.epoch = m.epoch
            and i.seq > min(m.accepted, m.merged, m.delivered, m.golden) limit 1`,
  },
  { what: "heads not shown", sql: "select * from setting where name = 'show_heads'" },
  { what: "fragment needed", sql: "select source, epoch, key from need limit 1" },
];

const PROFILE_QUEUES = [
  { what: "owed not settled", sql: "select * from setting where name = 'owed'" },
  { what: "store not told", sql: "select * from notice limit 1" },
  { what: "fragment not delivered", sql: "select customer, id, clock from undelivered limit 1" },
  { what: "move not finished", sql: "select * from moved where done in (0, 3) limit 1" },
  { what: "arrival not settled", sql: "select * from arrival limit 1" },
];

/** A till whose cursor is not at the end of its store's feed. */
function firstBehind(world: World): string | null {
  for (const till of world.tills) {
    const inbox = world.edge.inboxes.get(till.store);
    if (!inbox) continue;
    const [head] = rowsIn(inbox.disk.database, "select coalesce(max(n), 0) as n from feed");
    const [cursor] = rowsIn(till.disk.database, "select value from setting where name = 'cursor'");
    const at = Number(String(cursor?.["value"] ?? "none.0").split(".")[1]);
    if (head && numberOf(head, "n") !== at) return `${till.name}: feed not read to its end`;
  }
  return null;
}

/** None of a table that nobody has made yet. */
export function rowsIn(database: Database, sql: string): Row[] {
  try {
    return database.read([{ sql }])[0] ?? [];
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("no such table")) return [];
    throw error;
  }
}
