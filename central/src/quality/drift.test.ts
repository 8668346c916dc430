import { expect, test } from "vitest";
import { BASE_DAYS, driftOf, type Share } from "./drift.ts";
import { DEFAULT_QUALITY_POLICY } from "./policy.ts";

const { drift: MOST } = DEFAULT_QUALITY_POLICY.thresholds;

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** From `least` to 50 times as many rows a day; their share scatters by chance, and in half of the series from day to day. */
function seriesOf(seed: number, least: number, last = (usual: number): number => usual): Share[] {
  const random = seeded(seed);
  const usual = 0.02 + 0.96 * random();
  const rows = Math.round(least * 50 ** random());
  const scatter = random() < 0.5 ? 0 : 0.03 * random();
  return Array.from({ length: BASE_DAYS + 1 }, (_, at) => {
    const own = at === BASE_DAYS ? last(usual) : usual;
    const share = Math.min(1, Math.max(0, own + scatter * normal(random)));
    const of = Math.max(30, Math.round(rows * (0.7 + 0.6 * random())));
    let count = 0;
    for (let n = 0; n < of; n++) if (random() < share) count += 1;
    return { day: `day-${at}`, count, of };
  });
}

const isDrift = (series: readonly Share[]): boolean =>
  Math.abs(driftOf(series)?.distance ?? 0) >= MOST;

test("of 2,000 series that only scatter, no more than one in a thousand is called a drift", () => {
  const alarms = Array.from({ length: 2_000 }, (_, seed) => seed + 1).filter((seed) =>
    isDrift(seriesOf(seed, 40)),
  );
  expect(alarms.length, `seeds ${alarms.join(", ")}`).toBeLessThanOrEqual(2);
});

test("a field that close to half of its rows lose or gain overnight is found, in whichever of 500 series of a hundred rows a day", () => {
  const missed = Array.from({ length: 500 }, (_, seed) => seed + 5_001).filter((seed) => {
    const series = seriesOf(seed, 150, (usual) => (usual > 0.5 ? usual - 0.45 : usual + 0.45));
    return !isDrift(series);
  });
  expect(missed, `seeds ${missed.join(", ")}`).toEqual([]);
});

const day = (count: number, of: number): Share => ({ day: "x", count, of });
const steady = (count: number): Share => day(count, 1_000);

test("one bad day before neither hides the next nor makes the usual a drift", () => {
  const base = [...Array.from({ length: 27 }, (_, at) => steady(900 + (at % 3))), steady(100)];
  expect(isDrift([...base, steady(901)])).toBe(false);
  expect(isDrift([...base, steady(500)])).toBe(true);
  expect(driftOf([...base, steady(500)])).toMatchObject({ share: 0.5, usual: 0.901 });
});

test("nothing is said of few rows, few days, or a change that is too small to matter", () => {
  const base = Array.from({ length: 28 }, () => day(100_000, 100_000));
  expect(driftOf([...base.slice(0, 13), day(0, 1_000)])).toBeNull();
  expect(driftOf([...base, day(0, 29)])).toBeNull();
  expect(isDrift([...base, day(98_100, 100_000)])).toBe(false);
});
