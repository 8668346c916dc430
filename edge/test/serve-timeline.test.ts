import { expect, test } from "vitest";
import fc from "fast-check";
import {
  compareItems,
  isBefore,
  placeOf,
  type TimelineItem,
  type TimelinePlace,
} from "@regulars/shared/timeline/entry";
import { pageOf } from "../src/serve/timeline.ts";

const item = (n: number): TimelineItem => {
  const hex = n.toString(16).padStart(12, "0");
  const event = `till-1/1/${n}`;
  return {
    stamp: `${hex}-0000-till-1/1`,
    entry: { kind: "note", event, at: "2026-01-05T09:00:00.000Z", text: "x" },
  };
};

/** Everything that happened is at the centre but the newest; the profile remembers some of it, and all from its horizon on. */
const world = fc
  .record({
    all: fc.integer({ min: 0, max: 40 }),
    late: fc.integer({ min: 0, max: 5 }),
    full: fc.nat(12),
    odd: fc.array(fc.nat(40)),
  })
  .map(({ all, late, full, odd }) => {
    const items = Array.from({ length: all }, (_, n) => item(n + 1)).toSorted(compareItems);
    const near = Math.min(items.length, late + full);
    const known = items.filter((_, at) => at < near || odd.includes(at));
    const end = items[near - 1];
    const isWhole = near === items.length || !end;
    return {
      items,
      centre: items.slice(late),
      remembered: {
        items: isWhole ? items : known,
        horizon: isWhole || !end ? null : placeOf(end),
      },
    };
  });

test("IDN2: pages from edge and centre are one timeline: in order, without a gap, without a repetition", async () => {
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.integer({ min: 1, max: 9 }),
      async ({ items, centre, remembered }, limit) => {
        const seen: string[] = [];
        let before: TimelinePlace | null = null;
        for (let pages = 0; pages <= items.length + 1; pages++) {
          const page = await pageOf(remembered, { before, limit }, (place, rows) => {
            const older = centre.filter((each) => isBefore(each, place));
            return Promise.resolve({ items: older.slice(0, rows), more: older.length > rows });
          });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          expect(page.isComplete).toBe(true);
          seen.push(...page.items.map(({ entry }) => entry.event));
          const last = page.items.at(-1);
          if (!page.more || !last) break;
          before = placeOf(last);
        }
        expect(seen).toEqual(items.map(({ entry }) => entry.event));
      },
    ),
  );
});

const away = () => Promise.resolve(null);

test("EDG2: while the centre is away, what the profile remembers is shown, and said not to be all", async () => {
  const items = [9, 8, 7, 3].map(item);
  const remembered = { items, horizon: placeOf(item(7)) };
  const first = await pageOf(remembered, { before: null, limit: 2 }, away);
  expect([first.items.length, first.more, first.isComplete]).toEqual([2, true, true]);
  const rest = await pageOf(remembered, { before: placeOf(item(8)), limit: 5 }, away);
  expect(rest.items).toEqual([item(7), item(3)]);
  expect([rest.more, rest.isComplete]).toEqual([true, false]);
});
