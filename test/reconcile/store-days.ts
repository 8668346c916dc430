/** One store of the generated town, day by day: journals of three tills, their settlement, their customers, and what is planted. */
import { merkleRoot } from "@regulars/shared/shift/merkle";
import {
  DAY_MS,
  expect,
  type Making,
  type StoreDayMade,
  type StoreOptions,
  type StoreState,
  type Sums,
  take,
} from "./making.ts";
import { createDeck, drawPlants, type Plant } from "./plants.ts";
import { makeShift, sellLate, TILLS } from "./shifts.ts";
import { createTill } from "./till.ts";

export const ZONE = "Europe/London";
export const FIRST_DAY = "2026-06-01";
const OPENS_MS = 7 * 3_600_000;

export const dayAt = (at: number): string =>
  new Date(Date.parse(FIRST_DAY) + at * DAY_MS).toISOString().slice(0, 10);

export function createStore(options: StoreOptions) {
  const { store, random, deck = createDeck(random) } = options;
  const tills = Array.from({ length: TILLS }, (_, at) => createTill(`${store}-t${at + 1}`, store, ZONE)); // prettier-ignore
  /** Added up apart from all that the centre does. */
  const sums = new Map<string, Sums>();
  const state: StoreState = {
    ...options,
    tills,
    sums,
    owedLate: [],
    closes: 0,
    files: 0,
    yesterday: null,
  };
  return {
    sums,
    makeDay: (at: number): StoreDayMade =>
      makeDay(state, at, options.plants ?? drawPlants(random, deck, {
        tills: options.hasTrend ? [0, 1] : [0, 1, 2],
        settles: options.settles,
        isLastDay: at === options.days - 1,
      })), // prettier-ignore
  };
}

function makeDay(state: StoreState, at: number, plants: readonly Plant[]): StoreDayMade {
  const businessDay = dayAt(at);
  const making: Making = {
    state, businessDay, startMs: Date.parse(businessDay) + OPENS_MS, items: [], fragments: [],
    lines: [], expected: [], after: [], forks: [], repairs: [],
  }; // prettier-ignore
  const sales = Math.max(12, Math.floor((state.rowsPerDay - 1) / TILLS) - 3);
  for (const [index, till] of state.tills.entries()) {
    sellLate(making, till, index);
    makeShift(making, till, index, sales, plants.find((plant) => plant.till === index) ?? null);
  }
  makeSeal(making, plants);
  const { items, fragments, lines, expected, after, forks, repairs } = making;
  return {
    store: state.store,
    businessDay,
    items,
    fragments,
    lines,
    expected,
    after,
    forks,
    repairs,
  };
}

function makeSeal(making: Making, plants: readonly Plant[]): void {
  const { tills } = making.state;
  const [first] = tills;
  if (!first) return;
  const plant = plants.find(({ name }) => name.startsWith("seal_")) ?? null;
  const heads = tills.flatMap(({ head }, at) => {
    if (plant?.till !== at) return [head];
    if (plant.name === "seal_left_out") return [];
    return [plant.name === "seal_head" ? { ...head, hash: "0".repeat(64) } : head];
  });
  const root = plant?.name === "seal_root" ? "f".repeat(64) : merkleRoot(heads);
  const at = { atMs: making.startMs + 14 * 3_600_000, businessDay: making.businessDay };
  const { item } = take(making, first.seal(at, { heads, root }));
  const wrong = plant && tills[plant.till]?.head;
  if (plant?.name === "seal_head" && wrong) {
    // The head of the sealing till is the row before its seal.
    const seq = plant.till === 0 ? wrong.seq - 1 : wrong.seq;
    expect(making, plant.name, "seal_differs", { source: wrong.source, epoch: 1, seq }, null);
  }
  if (plant?.name === "seal_left_out" && wrong) {
    const nowhere = { source: wrong.source, epoch: null, seq: null };
    expect(making, plant.name, "seal_differs", nowhere, null);
  }
  if (plant?.name === "seal_root") expect(making, plant.name, "seal_differs", item, null);
}
