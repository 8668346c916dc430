/** Deliberate bugs, each of which the simulator has to find: the check of the checker. */
import type { Mutation } from "./mutation.ts";
import { DRAWER_MUTATIONS } from "./mutations-drawers.ts";

export const MUTATIONS: readonly Mutation[] = [
  // The till.
  {
    name: "a capture is answered before it is committed",
    file: "store-agent/src/capture/commit-group.ts",
    find: "    await deps.storage.write([...statements, ...fragments.statements(), ...ofState]);",
    replace: `    void deps.storage
      .write([...statements, ...fragments.statements(), ...ofState])
      .catch(() => undefined);`,
  },
  {
    name: "a capture is committed without a sync of the disk",
    file: "store-agent/src/till.ts",
    find: "    ...deps,\n    offsetMs: () => offsetMs,",
    replace: "    ...deps,\n    storage: relaxed,\n    offsetMs: () => offsetMs,",
  },
  {
    name: "a repeated capture is a new one",
    file: "store-agent/src/capture/commit-group.ts",
    find: "if (earlier) return ok(answerOf(earlier, true));",
    replace: "",
  },
  {
    name: "what was in memory is kept after a commit that failed",
    file: "store-agent/src/capture/capture.ts",
    find: "      memory = null;\n      for (const { reject }",
    replace: "      for (const { reject }",
  },
  {
    name: "the high-water mark is not looked at",
    file: "store-agent/src/journal/open-writer.ts",
    find: "if (mark && isAhead(mark, writer)) {",
    replace: "if (mark && mark.seq < 0) {",
  },
  {
    name: "marks of a pull count for rows that were never sent",
    file: "store-agent/src/sync/marks.ts",
    find: "sentTo = marks.accepted): Marks",
    replace: "sentTo = seq): Marks",
    // Takes a till from a backup that hears of its other life before it sends: one plan in four thousand.
    fromSeed: 2_001,
  },
  {
    name: "rows that were forked keep their numbers",
    file: "store-agent/src/sync/push-answer.ts",
    find: 'reason: "fork", epoch, from: seq ?? sendFrom(ladder), nextEpoch',
    replace: 'reason: "fork", epoch, from: (seq ?? sendFrom(ladder)) + 1, nextEpoch',
  },
  {
    name: "the cursor moves on without the profiles",
    file: "store-agent/src/sync/pull-answer.ts",
    find: "    ...(await workingSetStatements(storage, answer.changes, answer.resync)),",
    replace:
      "    ...(await workingSetStatements(storage, answer.changes.slice(1), answer.resync)),",
  },
  {
    name: "a till that was turned away goes on in its epoch",
    file: "store-agent/src/journal/roll.ts",
    find: "if (writer.epoch !== roll.epoch) return [];",
    replace: 'if (writer.epoch !== roll.epoch || roll.reason === "fenced") return [];',
  },
  {
    name: "rows that are sealed anew stay in the old epoch's outbox",
    file: "store-agent/src/journal/reseal.ts",
    find: '      sql: "delete from outbox where epoch = ? and seq = ?",\n      args: [epoch, seq],\n    });',
    replace:
      '      sql: "delete from outbox where epoch = ? and seq = ?",\n      args: [epoch, -seq],\n    });',
  },
  {
    name: "an answer is believed whatever its digest says",
    file: "shared/src/content-digest.ts",
    find: 'if (typeof header === "string") return header === (await contentDigestOf(body));',
    replace: 'if (typeof header === "string") return true;',
  },
  {
    name: "rows leave the database before their archive file is there",
    file: "store-agent/src/archive/move-rows.ts",
    find: `    await deps.folder.write(file.name, file.bytes);
    // Read back before it is the only place where the rows are.
    if (digestOf("sha256", await deps.folder.readAll(file.name)) !== file.sha256) {
      throw new Error("an archive file is not what was written; its rows stay in the database");
    }
    await record(deps, file);
    moved = await letGo(deps);`,
    replace: `    await record(deps, file);
    moved = await letGo(deps);
    await deps.folder.write(file.name, file.bytes);`,
  },
  {
    name: "one row more leaves the database than its archive file holds",
    file: "store-agent/src/archive/move-rows.ts",
    find: "const to = Math.min(last, ",
    replace: "const to = Math.min(last + 1, ",
  },
  {
    name: "rows are archived that are not golden",
    file: "store-agent/src/archive/move-rows.ts",
    find: "select w.epoch, w.seq, w.closed, w.golden,",
    replace: "select w.epoch, w.seq, w.closed, w.seq as golden,",
  },
  {
    name: "an archive file is looked into only after the next start",
    file: "store-agent/src/archive/move-rows.ts",
    find: "  await archive.added(known);",
    replace: "",
  },
  {
    name: "an archived idempotency key is not looked up",
    file: "store-agent/src/journal/find.ts",
    find: "    if (archived) found.set(key, archived);",
    replace: "",
  },
  ...DRAWER_MUTATIONS,
  // The inbox.
  {
    name: "a known row is not compared",
    file: "edge/src/inbox/accept.ts",
    find: "if (knownHashes.get(item.seq) === item.hash) continue;",
    replace: "continue;",
  },
  {
    name: "a life is not looked at",
    file: "edge/src/inbox/life.ts",
    find: 'return head < known.accepted ? "fenced" : "new";',
    replace: 'return "same";',
  },
  {
    name: "the mark passes items that are not merged",
    file: "edge/src/inbox/drain.ts",
    find: "const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item));",
    replace: "const firstUnfinished = ofWriter.findIndex((item) => unfinished.has(item) && false);",
  },
  {
    name: "what the centre did not take counts as delivered",
    file: "edge/src/inbox/marks.ts",
    find: "set delivered = max(case when ?4 then golden else delivered end, ?3)",
    replace: "set delivered = max(accepted, case when ?4 then golden else delivered end, ?3)",
  },
  {
    name: "rows are not hashed again before they leave the edge",
    file: "edge/src/inbox/deliver.ts",
    find: "const damaged = waiting.filter((row) => !isWhole(row));",
    replace: "const damaged = waiting.filter((row) => !isWhole(row) && false);",
  },
  {
    name: "nothing wakes the delivery of rows that come again",
    file: "edge/src/inbox/inbox.ts",
    find: "if (answer.marks.accepted > answer.marks.golden) background.kick();",
    replace: "if (answer.marks.accepted > answer.marks.merged) background.kick();",
  },
  {
    name: "an alarm is set only for work that has failed",
    file: "edge/src/background.ts",
    find: "      void wakeAt(nowMs() + WAKE_MS);",
    replace: "",
  },
  // The profiles.
  {
    name: "a notice that was renewed meanwhile is forgotten",
    file: "edge/src/profile/notify.ts",
    find: "customer = ? and version <= ?",
    replace: "customer = ? and version <= ? + 100",
  },
  {
    name: "a notice that is renewed keeps its number",
    file: "edge/src/profile/statements.ts",
    find: "set version = max(version + 1, excluded.version), due_ms",
    replace: "set version = excluded.version, due_ms",
  },
  {
    name: "a fragment that grew meanwhile counts as delivered",
    file: "edge/src/profile/deliver.ts",
    find: "id = ? and clock <= ?",
    replace: "id = ? and clock <= ? + 100",
  },
  {
    name: "a fragment is not hashed again before it leaves the edge",
    file: "edge/src/profile/deliver.ts",
    find: "const damaged = waiting.filter((row) => !isWhole(row));",
    replace: "const damaged = waiting.filter((row) => !isWhole(row) && false);",
  },
  {
    name: "a damaged fragment is not asked for",
    file: "edge/src/profile/deliver.ts",
    find: "for (const row of damaged) await askForWhole(stores, row);",
    replace: "",
  },
  {
    name: "stamps from the future are believed",
    file: "shared/src/fragment/clamp.ts",
    find: "const limitMs = nowMs + LIMITS.clockAheadMs;",
    replace: "const limitMs = Infinity;",
  },
  // The centre.
  {
    name: "an edge that lost its disk is not told again what is golden",
    file: "central/src/intake/take-events.ts",
    find: "if (repeated.length > 0) statements.push(remindStatement(repeated));",
    replace: "",
  },
  {
    name: "an edge that lost its disk is not told again who is who",
    file: "central/src/intake/take-fragments.ts",
    find: "    ...moves.map((each) => publishStatement(each)),",
    replace: "",
  },
  {
    name: "a decision is forgotten before the edge has applied it",
    file: "central/src/publish/publisher.ts",
    find: "  const { applied } = await edge.publish({ ...THIS_VERSION, decisions }, closing);",
    replace: `  await forgetPublications(storage, waiting.at(-1)!.n);
  const { applied } = await edge.publish({ ...THIS_VERSION, decisions }, closing);`,
  },
  {
    name: "a newer decision keeps the number of the one that it replaces",
    file: "central/src/publish/outbox.ts",
    find: 'sql: "insert or replace into publication (target, payload) values (?, ?)",',
    replace:
      'sql: "insert into publication (target, payload) values (?, ?) on conflict (target) do update set payload = excluded.payload",',
  },
  {
    name: "somebody is called after the browser that they had before",
    file: "central/src/resolve/naming.ts",
    find: "const first = records.find(({ key }) => !isDeviceKey(key)) ?? records[0];",
    replace: "const [first] = records;",
  },
  {
    name: "what was done on a browser of two belongs to the first of them",
    file: "central/src/matching/device-evidence.ts",
    find: "({ isKnown }) => isKnown)),\n  ];",
    replace: "({ isKnown }) => isKnown)),\n  ].slice(0, 1);",
  },
  {
    name: "an older fragment replaces a newer one",
    file: "central/src/resolve/arrivals.ts",
    find: "const changed = arrived.filter(({ id, clock }) => clock > (stored.get(id)?.clock ?? 0));",
    replace: "const changed = arrived.filter(({ id, clock }) => clock !== stored.get(id)?.clock);",
  },
  {
    name: "events are golden before their fragments are there",
    file: "central/src/golden/mark.ts",
    find: "and (r.seq is null or r.seq < e.seq)",
    replace: "and e.seq < 0",
  },
];
