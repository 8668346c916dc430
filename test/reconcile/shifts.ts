/** Shifts: opened, sold in, counted and closed; by a till that may add up wrongly. */
import { cash, CURRENCY, expect, type Making, sell, take } from "./making.ts";
import { sellAny, sellToSomebody } from "./ordinary.ts";
import { plantInShift } from "./planting.ts";
import type { Plant } from "./plants.ts";
import { loseRows } from "./tampering.ts";
import type { Item, Till } from "./till.ts";

export const TILLS = 3;
const TREND_STAFF = "op-x";
const TREND_CLOSES = 6;
const TREND_MINOR = -250;

export function makeShift(
  making: Making,
  till: Till,
  index: number,
  sales: number,
  plant: Plant | null,
): void {
  const { state, businessDay, startMs } = making;
  const { random } = state;
  const isTrend = state.hasTrend && index === TILLS - 1;
  const staff = isTrend ? TREND_STAFF : `op-${random.int(1, 6)}`;
  // In the middle of a shift, or between two.
  const isRolling = state.rolls === true && index === 1;
  const isEven = Number(businessDay.slice(-1)) % 2 === 0;
  if (isRolling && !isEven) till.nextEpoch();
  take(making, till.open({ atMs: startMs, businessDay }, staff, 10_000));
  const plantAt = plant ? Math.floor(plant.at * sales) : -1;
  let off = false;
  for (let sale = 0; sale < sales; sale += 1) {
    const atMs = startMs + Math.floor(((sale + 1) / (sales + 2)) * 12 * 3_600_000);
    if (isRolling && isEven && sale === Math.floor(sales / 2)) till.nextEpoch();
    if (sale === plantAt && plant) off = plantInShift(making, till, atMs, plant) || off;
    else if (sale % (state.somebodyEvery ?? 97) === 2)
      sellToSomebody(making, till, index, sale, atMs, off ? null : plant);
    else sellAny(making, till, atMs);
    const last = making.items.at(-1);
    if (off && last) making.items[making.items.length - 1] = { ...last, offsetMs: CLOCK_OFF_MS };
  }
  const offMinor = isTrend ? TREND_MINOR : overShortOf(plant) ?? (random.chance(0.7) ? 0 : random.int(-50, 50)); // prettier-ignore
  const atMs = startMs + 13 * 3_600_000;
  if (plant?.name === "z_number") till.skipNumbers(2);
  const [count, close] = till.close({ atMs, businessDay }, staff, offMinor, (body) =>
    mistaken(body, plant),
  );
  if (!count || !close) throw new Error("a close is two rows");
  const isTail = plant?.name === "tail_gap";
  take(making, count);
  take(making, close);
  if (isTail) loseRows(making, plant, [count.item, close.item]);
  if (isTrend) {
    state.closes += 1;
    if (state.closes === TREND_CLOSES)
      expect(making, "trend", "over_short_trend", close.item, TREND_CLOSES * TREND_MINOR);
  }
  if (plant) expectAtClose(making, plant, close.item);
}

const CLOCK_OFF_MS = 95_000;

const overShortOf = (plant: Plant | null): number | null =>
  plant?.name === "over"
    ? 600 + plant.amountMinor
    : plant?.name === "short"
      ? -600 - plant.amountMinor
      : null;

function expectAtClose(making: Making, plant: Plant, close: Item): void {
  const { name, amountMinor } = plant;
  const off = overShortOf(plant);
  if (off !== null) expect(making, name, "over_short", close, off);
  if (name === "z_total" || name === "z_tender" || name === "z_count")
    expect(making, name, "z_differs", close, amountMinor);
  if (name === "z_number") expect(making, name, "z_number", close, null);
  if (name === "late" || name === "late_unflagged")
    making.state.owedLate.push({ plant, businessDay: making.businessDay });
}

/** A till that adds up wrongly. */
function mistaken(
  body: Parameters<NonNullable<Parameters<Till["close"]>[3]>>[0],
  plant: Plant | null,
) {
  const of = body.figures.currencies[CURRENCY];
  if (!plant || !of) return body;
  const by = plant.amountMinor;
  const figures = (changed: object) => ({
    ...body,
    figures: {
      ...body.figures,
      currencies: { ...body.figures.currencies, [CURRENCY]: { ...of, ...changed } },
    },
  });
  switch (plant.name) {
    case "z_total":
      return figures({ salesMinor: of.salesMinor + by });
    case "z_tender":
      return figures({
        tenders: {
          ...of.tenders,
          cash: (of.tenders.cash ?? 0) + by,
          card: (of.tenders.card ?? 0) - by,
        },
      });
    case "z_count":
      return {
        ...body,
        compared: body.compared.map((each) => ({
          ...each,
          countedMinor: each.countedMinor + by,
        })),
      };
    default:
      return body;
  }
}

/** What was sold on a day whose Z is there already (REC1). */
export function sellLate(making: Making, till: Till, index: number): void {
  const owed = making.state.owedLate.filter(({ plant }) => plant.till === index);
  making.state.owedLate = making.state.owedLate.filter(({ plant }) => plant.till !== index);
  for (const { plant, businessDay } of owed) {
    const flags = plant.name === "late" ? ["late"] : [];
    const options = {
      totalMinor: plant.amountMinor,
      tenders: cash(plant.amountMinor),
      flags,
      businessDay,
      isLate: true,
    };
    const { item } = sell(making, till, making.startMs - 60_000, options);
    sell(making, till, making.startMs - 60_000, options);
    expect(making, plant.name, "late_sale", item, plant.amountMinor * 2, businessDay);
  }
}
