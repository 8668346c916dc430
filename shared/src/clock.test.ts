import fc from "fast-check";
import { expect, test } from "vitest";
import { CLOCK_START, stampOf, stampSchema, stampToMs, tick } from "./clock.ts";
import { writerOf } from "./ids.ts";
import { LIMITS } from "./limits.ts";

const wallMs = fc.oneof(
  fc.integer({ min: -1000, max: 4_000_000_000_000 }),
  fc.constantFrom(0, 1_700_000_000_000, 1_700_000_000_001),
);

test("CLK1: stamps of one writer strictly increase, whatever its wall clock does", () => {
  fc.assert(
    fc.property(fc.array(wallMs, { minLength: 2 }), (walls) => {
      let state = CLOCK_START;
      let before = stampOf(state, "till-1/1");
      for (const wall of walls) {
        state = tick(state, wall);
        const stamp = stampOf(state, "till-1/1");
        expect(stamp > before).toBe(true);
        expect(stampSchema.parse(stamp)).toBe(stamp);
        expect(stampToMs(stamp)).toBe(state.ms);
        before = stamp;
      }
    }),
  );
});

test("CLK1: a clock that stands still for more than 65,536 stamps goes on in the next millisecond", () => {
  let state = tick(CLOCK_START, 1000);
  let before = stampOf(state, "w");
  let backwards = 0;
  for (let count = 0; count < 140_000; count++) {
    state = tick(state, 1000);
    const stamp = stampOf(state, "w");
    if (stamp <= before) backwards++;
    before = stamp;
  }
  expect(backwards).toBe(0);
  expect(state.ms).toBe(1002);
});

test("CLK1: a clock that jumped ahead and was set back does not go back", () => {
  const ahead = tick(CLOCK_START, 2_000_000);
  expect(tick(ahead, 1_000_000)).toEqual({ ms: 2_000_000, counter: 1 });
  expect(tick(tick(ahead, 1_000_000), 2_000_001)).toEqual({ ms: 2_000_001, counter: 0 });
});

test("a stamp of the longest source id and a large epoch is a stamp", () => {
  const writer = writerOf("s".repeat(LIMITS.sourceIdChars), 2_147_483_647);
  expect(stampSchema.safeParse(stampOf(tick(CLOCK_START, 1), writer)).success).toBe(true);
});

test.each(["", "0000000003e8-0000-", "3e8-0-w", "0000000003E8-0000-w", "not a stamp"])(
  "%j is not a stamp",
  (text) => {
    expect(stampSchema.safeParse(text).success).toBe(false);
  },
);
