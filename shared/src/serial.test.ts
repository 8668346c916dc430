import fc from "fast-check";
import { expect, test } from "vitest";
import { createLoop, createSerial } from "./serial.ts";

test("CAP2: tasks run one at a time in the order of arrival, however long each takes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ turns: fc.nat(5), fails: fc.boolean() })),
      async (tasks) => {
        const serial = createSerial();
        const log: string[] = [];
        const results = await Promise.allSettled(
          tasks.map(({ turns, fails }, at) =>
            serial(async () => {
              log.push(`start ${at}`);
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              log.push(`end ${at}`);
              if (fails) throw new Error(`task ${at}`);
              return at;
            }),
          ),
        );
        expect(log).toEqual(tasks.flatMap((_, at) => [`start ${at}`, `end ${at}`]));
        // A failure reaches its own caller and nobody else.
        expect(results.map(({ status }) => status === "rejected")).toEqual(
          tasks.map(({ fails }) => fails),
        );
      },
    ),
  );
});

test("a task that throws before its first await rejects like any other", async () => {
  const serial = createSerial();
  const broken = serial(() => {
    throw new Error("at once");
  });
  await expect(broken).rejects.toThrow("at once");
  await expect(serial(async () => "next")).resolves.toBe("next");
});

function gate() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { promise, open: resolve, fail: reject };
}

test("a loop never runs twice at once, and kicks during a run make one more follow", async () => {
  const gates = [gate(), gate(), gate()];
  let started = 0;
  let running = 0;
  const kick = createLoop(
    async () => {
      expect(++running).toBe(1);
      await gates[started++]!.promise;
      running--;
    },
    (error) => expect.unreachable(String(error)),
  );
  const done = kick();
  const kicks = [kick(), kick(), kick()];
  expect(started).toBe(1);
  gates[0]!.open();
  gates[1]!.open();
  await Promise.all([done, ...kicks]);
  expect(started).toBe(2);
  const later = kick();
  gates[2]!.open();
  await later;
  expect(started).toBe(3);
});

test("EDG4: a kick that comes during a run that fails is not lost", async () => {
  const first = gate();
  const errors: unknown[] = [];
  let runs = 0;
  const kick = createLoop(
    async () => {
      if (++runs === 1) await first.promise;
    },
    (error) => errors.push(error),
  );
  const done = kick();
  void kick();
  first.fail(new Error("no network"));
  await done;
  expect(runs).toBe(2);
  expect(errors).toEqual([new Error("no network")]);
});

test("a loop goes on after its task threw before the first await", async () => {
  let runs = 0;
  const errors: unknown[] = [];
  const kick = createLoop(
    () => {
      if (++runs === 1) throw new Error("at once");
      return Promise.resolve();
    },
    (error) => errors.push(error),
  );
  await kick();
  await kick();
  expect(runs).toBe(2);
  expect(errors).toHaveLength(1);
});
