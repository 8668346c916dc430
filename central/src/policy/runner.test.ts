import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { MATCHING } from "../testing/matching.ts";
import { createIntake } from "../intake/intake.ts";
import { openFile, type TestDatabase } from "../testing/database.ts";
import { crowd, cutAt } from "../testing/people.ts";
import { fragmentsOf } from "../testing/till.ts";
import { publishPolicy } from "./publish-policy.ts";
import { createRunner } from "./runner.ts";
import { readProgress } from "./run.ts";

const POLICY: Policy = { ...DEFAULT_POLICY, version: 2, fallback: { strategy: "longest" } };
const PEOPLE = 2 * LIMITS.recomputeCustomers + 1;

let database: TestDatabase;
beforeEach(async () => {
  database = await openFile();
  const { storage } = database;
  const intake = createIntake({
    storage,
    matching: MATCHING,
    policy: DEFAULT_POLICY,
    nowMs: () => 5,
    onTaken() {},
  });
  const fragments = crowd(PEOPLE);
  for (let at = 0; at < fragments.length; at += 200) {
    await intake.fragments(fragmentsOf(fragments.slice(at, at + 200)));
  }
  await publishPolicy(storage, POLICY, "head office", 6);
});
afterEach(() => database.close());

function runnerOn(storage: TestDatabase["storage"] | ReturnType<typeof cutAt>) {
  const intake = createIntake({
    storage,
    matching: MATCHING,
    policy: DEFAULT_POLICY,
    nowMs: () => 7,
    onTaken() {},
  });
  const used: number[] = [];
  const failures: unknown[] = [];
  const waiting: (() => void)[] = [];
  let written = 0;
  const runner = createRunner({
    storage,
    intake: { alone: (task) => intake.alone(task), use: ({ version }) => used.push(version) },
    nowMs: () => 7,
    pause: () => Promise.resolve(),
    later(_delayMs, task) {
      waiting.push(task);
      return () => waiting.splice(0);
    },
    onWritten: () => (written += 1),
    onFailure: (error) => failures.push(error),
  });
  return { runner, used, failures, waiting, written: () => written };
}

test("GLD1 a runner takes up what another process has published, to its end", async () => {
  const { runner, used, failures, written } = runnerOn(database.storage);
  await runner.kick();
  expect(await readProgress(database.storage)).toMatchObject({ done: PEOPLE, finishedMs: 7 });
  expect({ pages: written(), used, failures }).toEqual({ pages: 3, used: [2, 2, 2], failures: [] });
});

test("GLD1 a page that fails is tried again later, and closing ends after the page under way", async () => {
  const failing = runnerOn(cutAt(database.storage, 2, "before"));
  await failing.runner.kick();
  expect(failing.failures).toHaveLength(1);
  expect(failing.waiting).toHaveLength(1);
  expect(await readProgress(database.storage)).toMatchObject({ done: LIMITS.recomputeCustomers });
  await failing.runner.close();
  expect(failing.waiting).toHaveLength(0);

  const closing = runnerOn(database.storage);
  const running = closing.runner.kick();
  await closing.runner.close();
  await running;
  expect(await readProgress(database.storage)).toMatchObject({
    done: 2 * LIMITS.recomputeCustomers,
    finishedMs: null,
  });
});
