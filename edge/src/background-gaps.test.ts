import { expect, test } from "vitest";
import { createBackground, type Round, type RoundResult } from "./background.ts";

/** A background whose clock moves only when it waits; tells when its round ran. */
function openBackground(gaps: Omit<Round, "run">, results: RoundResult[]) {
  let nowMs = 1_000;
  const ranMs: number[] = [];
  const errors: unknown[] = [];
  const background = createBackground(
    {
      setAlarm: () => Promise.resolve(),
      nowMs: () => nowMs,
      wait(ms) {
        nowMs += ms;
        return Promise.resolve();
      },
      random: () => 0.5,
      onError: (_, error) => errors.push(error),
    },
    {
      round: {
        ...gaps,
        run() {
          ranMs.push(nowMs - 1_000);
          return Promise.resolve(results.shift() ?? "idle");
        },
      },
    },
  );
  return {
    ranMs,
    errors,
    /** Wakes the round, and resolves when it has nothing more to do. */
    run: () => background.alarm(),
    kick: (only?: readonly string[]) => background.kick(only),
    pass: (ms: number) => (nowMs += ms),
  };
}

const WORK_THEN_NOTHING: RoundResult[] = ["again", "idle"];

test("what comes after an empty round starts at once, and after work waits for the gap", async () => {
  const at = openBackground({ gapMs: 20, idleGapMs: 0 }, [...WORK_THEN_NOTHING, "again", "idle"]);
  await at.run();
  expect(at.ranMs).toEqual([0, 20]);
  at.pass(1);
  await at.run();
  expect(at.ranMs).toEqual([0, 20, 21, 41]);
});

test("left out, the gap after an empty round is the same", async () => {
  const at = openBackground({ gapMs: 20 }, [...WORK_THEN_NOTHING]);
  await at.run();
  at.pass(1);
  await at.run();
  expect(at.ranMs).toEqual([0, 20, 40]);
});

test("after a round that has left nothing, it ends, and what comes next gathers for longer", async () => {
  const at = openBackground({ gapMs: 20, doneGapMs: 80, idleGapMs: 0 }, ["again", "done", "idle"]);
  await at.run();
  expect(at.ranMs).toEqual([0, 20]);
  at.pass(1);
  await at.run();
  expect(at.ranMs).toEqual([0, 20, 100]);
  at.pass(1);
  await at.run();
  expect(at.ranMs).toEqual([0, 20, 100, 101]);
});

test("a kick that names another round wakes nobody", async () => {
  const at = openBackground({ gapMs: 20 }, []);
  at.kick(["another"]);
  expect(at.ranMs).toEqual([]);
  at.kick(["round"]);
  expect(at.ranMs).toEqual([0]);
  expect(at.errors).toEqual([]);
});
