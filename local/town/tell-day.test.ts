import { expect, test } from "vitest";
import { createDay } from "./day.ts";
import { createTown } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";
import { type DayFigures, tellDay } from "./tell-day.ts";
import { createWebDay } from "./web-day.ts";

const town = createTown({ seed: 1, people: 50, stores: STORES.length });
const first = { day: 1, firstDay: "2026-03-01", zone: ZONE };

function figures(change: Partial<DayFigures>, centreAllMinor: number): DayFigures {
  return {
    number: 1,
    day: createDay(town, { ...first, stores: STORES, sales: 10 }),
    webDay: createWebDay(town, first),
    closed: {
      reports: 3,
      differing: [{ source: "store-1-till-2", minor: -500, reason: "wrong_change" }],
      sealed: ["store-1", "store-2"],
    },
    played: { captures: 10, offline: 0, doubtful: 0 },
    outage: { store: "store-2", from: 690, to: 900 },
    golden: 10,
    unusable: 0,
    totals: {
      events: {},
      money: { GBP: { sale: centreAllMinor + 500, return: -500 }, USD: { sale: 77 } },
      customers: 1,
      sourceRecords: 1,
      forks: 0,
      quarantined: 0,
    },
    joined: 0,
    tillMinor: 6_600_579,
    webMinor: 548_682,
    centreMinor: 7_149_261,
    ...change,
  };
}

const lastOf = (of: DayFigures): string => tellDay(of).split("\n").at(-1) ?? "";
const SAME =
  "Tills, web shop and centre hold the same money to the penny: £66,005.79 and £5,486.82 are £71,492.61.";

test("money that came through other accounts is not missing, and is named", () => {
  expect(lastOf(figures({}, 7_149_261))).toBe(SAME);
  expect(lastOf(figures({}, 7_163_591))).toBe(
    `${SAME} £143.30 more came through other accounts and tills.`,
  );
});

test("a penny that the centre lacks is told, whatever others have brought", () => {
  expect(lastOf(figures({ centreMinor: 7_149_260 }, 7_149_261))).toBe(
    "The tills hold £66,005.79 and the web shop £5,486.82, but the centre £71,492.60. " +
      "£0.01 more came through other accounts and tills.",
  );
});

test("REC1: how the tills were closed is told, and who was short", () => {
  expect(tellDay(figures({}, 7_149_261))).toContain(
    "All tills are closed: 3 Z reports, store-1-till-2 £5.00 short (wrong change), the others right; " +
      "the days of store-1 and store-2 are sealed.",
  );
  const closed = { reports: 1, differing: [], sealed: ["store-1"] };
  expect(tellDay(figures({ closed }, 0))).toContain(
    "All tills are closed: 1 Z report, every count right; the day of store-1 is sealed.",
  );
});
