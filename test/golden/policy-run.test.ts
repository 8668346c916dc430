/** A policy's run over all golden records: what it changes is what was foretold, and a kill anywhere changes nothing of it. */
import { customerIdOf } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { policiesArb } from "../policies.ts";
import { goldenDifference } from "../../central/src/golden/difference.ts";
import { readVersions } from "../../central/src/golden/history.ts";
import { MATCHING } from "../../central/src/testing/matching.ts";
import { createIntake } from "../../central/src/intake/intake.ts";
import { DATABASES, emptyDatabase, type TestDatabase } from "../../central/src/testing/database.ts";
import { crowd, cutAt, CutOff, keyOfPerson } from "../../central/src/testing/people.ts";
import { decisionsOf, stateOf } from "../../central/src/testing/state.ts";
import { createTill, fragmentsOf, START_MS } from "../../central/src/testing/till.ts";
import { dryRun } from "../../central/src/policy/dry-run.ts";
import { standingPolicy } from "../../central/src/policy/policies.ts";
import { publishPolicy } from "../../central/src/policy/publish-policy.ts";
import { readProgress, runPage } from "../../central/src/policy/run.ts";

const LONGEST: Policy = {
  version: 2,
  fallback: { strategy: "most_recent" },
  fields: { givenName: { strategy: "longest" } },
  groups: {},
};
/** Now and then more than two pages of them. */
const peopleArb = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.constant(2 * LIMITS.recomputeCustomers + 9) },
);
const pause = (): Promise<void> => Promise.resolve();

/** A start of the process: the policy of the table, and the run to its end. */
async function runToEnd(storage: Storage, nowMs = 7): Promise<void> {
  const { policy } = await standingPolicy(storage);
  for (let isMore = true; isMore;) isMore = await runPage(storage, policy, nowMs);
}

async function publishAndRun(storage: Storage, policy: Policy): Promise<void> {
  expect(await publishPolicy(storage, policy, "head office", 7)).toMatchObject({ ok: true });
  await runToEnd(storage);
}

describe.each(DATABASES)("a policy over $name", ({ name, open }) => {
  let database: TestDatabase;
  let storage: Storage;
  beforeAll(async () => {
    database = await open();
    ({ storage } = database);
  });
  afterAll(() => database.close());
  beforeEach(() => emptyDatabase(storage));

  const intakeBy = (policy = DEFAULT_POLICY) =>
    createIntake({ storage, matching: MATCHING, policy, nowMs: () => 5, onTaken: () => {} });
  const fill = async (people: number): Promise<void> => {
    await emptyDatabase(storage);
    const fragments = crowd(people);
    for (let at = 0; at < fragments.length; at += LIMITS.deliverItems) {
      await intakeBy().fragments(fragmentsOf(fragments.slice(at, at + LIMITS.deliverItems)));
    }
  };
  const everything = async () => ({
    state: await stateOf(storage),
    history: await rowsOf(storage, "select * from golden_history order by customer, version"),
    runs: await rowsOf(storage, "select * from policy_run order by version"),
    policies: await rowsOf(storage, "select * from policy order by version"),
    decisions: new Set((await decisionsOf(storage)).map((each) => JSON.stringify(each))),
  });
  const nameOf = async (at: number) => {
    const [newest] = await readVersions(storage, customerIdOf(keyOfPerson(at)), { limit: 1 });
    return newest?.golden.fields.givenName?.value;
  };

  test("GLD1 a run writes a version with its cause where something changed, and tells the edge", async () => {
    await fill(7);
    await storage.write([{ sql: "delete from publication" }]);
    expect(await nameOf(1)).toBe("Jo 1");
    await publishAndRun(storage, LONGEST);
    expect(await nameOf(1)).toBe("Joanna-Maria 1");
    const versions = await readVersions(storage, customerIdOf(keyOfPerson(1)), { limit: 9 });
    expect(versions[0]).toMatchObject({ version: 2, cause: { kind: "policy", version: 2 } });
    expect(versions[1]).toMatchObject({
      version: 1,
      cause: { kind: "event", event: "till-2/1/1" },
    });
    const decisions = await decisionsOf(storage);
    expect(decisions[0]).toEqual({ kind: "policy", policy: LONGEST });
    expect(decisions).toHaveLength(1 + 7);
    expect(await readProgress(storage)).toMatchObject({ done: 7, changed: 7, finishedMs: 7 });
    const before = await everything();
    await runToEnd(storage);
    expect(await everything()).toEqual(before);
  });

  test("GLD1 where a policy changes nothing, no version is written", async () => {
    await fill(4);
    const before = await rowsOf(storage, "select * from golden_history");
    await publishAndRun(storage, { ...DEFAULT_POLICY, version: 2 });
    expect(await rowsOf(storage, "select * from golden_history")).toEqual(before);
    expect(await readProgress(storage)).toMatchObject({ done: 4, changed: 0 });
  });

  test("GLD1 a run that is cut off at any write goes on where it was, and ends as if it had not been", async () => {
    const people = 2 * LIMITS.recomputeCustomers + 20;
    await fill(people);
    await publishAndRun(storage, LONGEST);
    const expected = await everything();
    expect(expected.runs).toMatchObject([{ done: people, changed: people }]);
    const writes = 1 + 3;
    for (let nth = 1; nth <= writes; nth++) {
      for (const when of ["before", "after"] as const) {
        await fill(people);
        const killed = cutAt(storage, nth, when);
        await expect(publishAndRun(killed, LONGEST)).rejects.toThrow(CutOff);
        // Whoever published it had no answer, and does so again.
        if (nth === 1) await publishPolicy(storage, LONGEST, "head office", 7);
        await runToEnd(storage);
        expect(await everything()).toEqual(expected);
      }
    }
  });

  test("GLD1 what arrives during the run is golden by the new policy, and the run counts it once", async () => {
    const people = LIMITS.recomputeCustomers + 10;
    await fill(people);
    await publishPolicy(storage, LONGEST, "head office", 7);
    expect(await runPage(storage, LONGEST, 7)).toBe(true);
    const till = createTill("till-5");
    const claims = Array.from({ length: people }, (_, at) => {
      const givenName = at % 2 === 0 ? "Al" : `Joanna-Maria-Louise ${at}`;
      return till.claim({ givenName }, [keyOfPerson(at)], START_MS + 9e8).fragment!;
    });
    await intakeBy(LONGEST).fragments(fragmentsOf(claims));
    const arrived = await everything();
    await runToEnd(storage);
    const ended = await everything();
    // All had news, so all are golden by the new policy already, and there is nothing left to write.
    expect(ended.history).toEqual(arrived.history);
    for (const at of [1, people - 1]) expect(await nameOf(at)).toBe(`Joanna-Maria-Louise ${at}`);
    expect(ended.runs).toMatchObject([{ done: people }]);
  });

  test("GLD1 a policy that overtakes another is the one whose run goes on", async () => {
    await fill(5);
    await publishPolicy(storage, LONGEST, "head office", 7);
    const next: Policy = { ...LONGEST, version: 3, fields: { givenName: { strategy: "oldest" } } };
    await publishPolicy(storage, next, "head office", 8);
    expect(await runPage(storage, LONGEST, 9)).toBe(false);
    await runToEnd(storage);
    expect(await nameOf(1)).toBe("Joanna 1");
    expect(await readProgress(storage)).toMatchObject({ version: 3, done: 5 });
    expect(await publishPolicy(storage, { ...next, version: 5 }, "x", 9)).toEqual({
      ok: false,
      nextVersion: 4,
    });
    expect(await publishPolicy(storage, next, "x", 9)).toEqual({ ok: true, isNew: false });
  });

  test("GLD1 a dry run counts exactly what publishing then does, and changes nothing", async () => {
    const options = { samples: LIMITS.dryRunSamples, values: true, pause };
    await fc.assert(
      fc.asyncProperty(policiesArb(), peopleArb, async (policy, people) => {
        await fill(people);
        const before = await everything();
        const foretold = await dryRun(storage, { ...policy, version: 2 }, options);
        expect(await everything()).toEqual(before);
        await publishAndRun(storage, { ...policy, version: 2 });
        const { changed, done } = (await readProgress(storage))!;
        expect({ customers: done, changed }).toEqual({
          customers: people,
          changed: foretold.changed,
        });
        const { fields, samples } = await changesSince(storage);
        expect(foretold.customers).toBe(people);
        expect(foretold.fields).toEqual(fields);
        expect(foretold.samples).toEqual(samples.slice(0, LIMITS.dryRunSamples));
      }),
      { numRuns: name === "a libSQL file" ? 40 : 4, interruptAfterTimeLimit: 20_000 },
    );
  });
});

/** Told by the history, as a dry run would tell it. */
async function changesSince(storage: Storage) {
  const fields: Record<string, { values: number; lineage: number }> = {};
  const samples: object[] = [];
  const ids = await rowsOf(storage, "select id from customer order by id");
  for (const customer of ids.map((row) => textOf(row, "id"))) {
    const [after, before] = await readVersions(storage, customer, { limit: 2 });
    if (after?.cause?.kind !== "policy") continue;
    for (const each of goldenDifference(before!.golden, after.golden).fields) {
      const counts = (fields[each.field] ??= { values: 0, lineage: 0 });
      counts[each.change === "lineage" ? "lineage" : "values"] += 1;
      const stateOfField = (state: typeof each.before) =>
        state && { event: state.event, rule: state.rule, value: state.value };
      if (each.change === "lineage") continue;
      const [was, is] = [stateOfField(each.before), stateOfField(each.after)];
      samples.push({ customer, field: each.field, before: was, after: is });
    }
  }
  return { fields, samples };
}
