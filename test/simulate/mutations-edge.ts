/** Deliberate bugs of the edge. */
import type { Mutation } from "./mutation.ts";

export const EDGE_MUTATIONS: readonly Mutation[] = [
  // The inbox.
  {
    name: "a known row is not compared",
    file: "edge/src/inbox/accept.ts",
    find: "if (knownHashes.get(item.seq) === item.hash) continue;",
    replace: "continue;",
    fromSeed: 30,
  },
  {
    name: "a life is not looked at",
    file: "edge/src/inbox/life.ts",
    find: 'return head < known.accepted ? "fenced" : "new";',
    replace: 'return "same";',
    fromSeed: 61,
  },
  {
    name: "the mark passes items that are not merged",
    file: "edge/src/inbox/drain.ts",
    find: "const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item));",
    replace: "const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item) && false);",
    fromSeed: 405,
  },
  {
    name: "what the centre did not take counts as delivered",
    file: "edge/src/inbox/move-marks.ts",
    find: "const delivered = Math.max(isLess ? mark.letGo : mark.delivered, seq);",
    replace: "const delivered = mark.accepted;",
    fromSeed: 19,
  },
  {
    name: "rows are not hashed again before they leave the edge",
    file: "edge/src/inbox/deliver.ts",
    find: "const damaged = waiting.filter(({ row }) => !isWhole(row));",
    replace: "const damaged = waiting.filter(({ row }) => !isWhole(row) && false);",
    fromSeed: 6,
  },
  {
    name: "nothing wakes the delivery of rows that come again",
    file: "edge/src/inbox/inbox.ts",
    find: "if (answer.marks.accepted > answer.marks.golden) background.kick(roundsAfter(push));",
    replace: "if (answer.marks.accepted > answer.marks.merged) background.kick(roundsAfter(push));",
    fromSeed: 750,
  },
  {
    name: "an alarm is set only for work that has failed",
    file: "edge/src/background.ts",
    find: "      void wakeAt(nowMs() + WAKE_MS);",
    replace: "",
    fromSeed: 59,
  },
  {
    name: "what is accepted and not written in its mark is forgotten",
    file: "edge/src/inbox/marks.ts",
    find: 'const isAhead = row["last_seq"] !== null && ',
    replace: 'const isAhead = false && row["last_seq"] !== null && ',
    fromSeed: 27,
  },
  // The profiles.
  {
    name: "what is owed anew meanwhile counts as done",
    file: "edge/src/profile/owed.ts",
    find: "if (entries.get(name) === entry) entries.delete(name);",
    replace: "if (entry) entries.delete(name);",
    fromSeed: 107,
  },
  {
    name: "what a shard owed before a reset is forgotten",
    file: "edge/src/profile/owed.ts",
    find: "if (row) await storage.write(endStatements",
    replace: "if (row && false) await storage.write(endStatements",
    fromSeed: 81,
  },
  {
    name: "a notice that was renewed meanwhile is forgotten",
    file: "edge/src/profile/notify.ts",
    find: "customer = ? and version <= ?",
    replace: "customer = ? and version <= ? + 100",
    fromSeed: 70,
  },
  {
    name: "a notice that is renewed keeps its number",
    file: "edge/src/profile/statements.ts",
    find: "set version = max(version + 1, excluded.version), due_ms",
    replace: "set version = excluded.version, due_ms",
    fromSeed: 5_214,
  },
  {
    name: "a fragment is not hashed again before it leaves the edge",
    file: "edge/src/profile/deliver.ts",
    find: "const damaged = waiting.filter((row) => !isWhole(row));",
    replace: "const damaged = waiting.filter((row) => !isWhole(row) && false);",
    fromSeed: 89,
  },
  {
    name: "a damaged fragment is not asked for",
    file: "edge/src/profile/deliver.ts",
    find: "for (const row of damaged) await askForWhole(stores, row);",
    replace: "",
    fromSeed: 89,
  },
  {
    name: "stamps from the future are believed",
    file: "shared/src/fragment/clamp.ts",
    find: "const limitMs = nowMs + LIMITS.clockAheadMs;",
    replace: "const limitMs = Infinity;",
    fromSeed: 141,
  },
];
