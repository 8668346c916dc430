/** Deliberate bugs of the till. */
import type { Mutation } from "./mutation.ts";

export const TILL_MUTATIONS: readonly Mutation[] = [
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
    fromSeed: 54,
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
    fromSeed: 207,
  },
  {
    name: "the high-water mark is not looked at",
    file: "store-agent/src/journal/open-writer.ts",
    find: "if (mark && isAhead(mark, writer)) {",
    replace: "if (mark && mark.seq < 0) {",
    fromSeed: 31,
  },
  {
    name: "marks of a pull count for rows that were never sent",
    file: "store-agent/src/sync/marks.ts",
    find: "sentTo = marks.accepted): Marks",
    replace: "sentTo = seq): Marks",
    // Takes a till from a backup that hears of its other life before it sends: one plan in four thousand.
    fromSeed: 8_017,
  },
  {
    name: "rows that were forked keep their numbers",
    file: "store-agent/src/sync/push-answer.ts",
    find: 'reason: "fork", epoch, from: seq ?? sendFrom(ladder), nextEpoch',
    replace: 'reason: "fork", epoch, from: (seq ?? sendFrom(ladder)) + 1, nextEpoch',
    fromSeed: 30,
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
    fromSeed: 15,
  },
  {
    name: "rows that are sealed anew stay in the old epoch's outbox",
    file: "store-agent/src/journal/reseal.ts",
    find: '      sql: "delete from outbox where epoch = ? and seq = ?",\n      args: [epoch, seq],\n    });',
    replace:
      '      sql: "delete from outbox where epoch = ? and seq = ?",\n      args: [epoch, -seq],\n    });',
    fromSeed: 45,
  },
  {
    name: "an answer is believed whatever its digest says",
    file: "shared/src/content-digest.ts",
    find: 'if (typeof header === "string") return header === contentDigestOf(body);',
    replace: 'if (typeof header === "string") return true;',
    fromSeed: 85,
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
    fromSeed: 30,
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
];
