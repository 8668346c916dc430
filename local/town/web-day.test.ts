import { describe, expect, test } from "vitest";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { mapSegment } from "@regulars/shared/connect/segment/map";
import { splitBatch } from "@regulars/shared/connect/segment/split";
import { CLOSES, OPENS } from "./day.ts";
import { createTown } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";
import { createWebDay, type WebDay, type WebKind } from "./web-day.ts";
import { ACCOUNTS, SEGMENT_ACCOUNT } from "./web-shop.ts";

const town = createTown({ seed: 1, people: 400, stores: STORES.length });
const dayOf = (day: number): WebDay =>
  createWebDay(town, { day, firstDay: "2026-03-01", zone: ZONE });
const day = dayOf(1);
const count = ({ actions }: WebDay, kind: WebKind) =>
  actions.filter((action) => action.kind === kind).length;

/** As the edge reads it. */
function capturesOf({ actions }: WebDay): ConnectCapture[] {
  const account = ACCOUNTS.find((each) => each.account.id === SEGMENT_ACCOUNT)!.account;
  const receivedAtMs = Date.UTC(2026, 3, 1);
  return actions
    .filter(({ messages }) => messages.length > 0)
    .flatMap(({ messages }) => {
      const batch = splitBatch(new TextEncoder().encode(JSON.stringify({ batch: messages })), {});
      if (!batch.ok) throw new Error(batch.reason.code);
      return batch.value.messages.flatMap(({ body, topic }) => {
        const mapped = mapSegment({ body, topic, headers: {}, receivedAtMs }, account);
        if (!mapped.ok) throw new Error(mapped.reason.code);
        if (!("captures" in mapped.value)) throw new Error("nothing more is asked of the shop");
        return [...mapped.value.captures];
      });
    });
}

describe("a day of the web shop", () => {
  test("is the same for the same town and day, and another on another day", () => {
    expect(JSON.stringify(dayOf(1))).toBe(JSON.stringify(day));
    expect(JSON.stringify(dayOf(2))).not.toBe(JSON.stringify(day));
  });

  test("is in order, during the hours that are played, under names of its own", () => {
    const minutes = day.actions.map(({ minute }) => minute);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    expect(minutes[0]).toBeGreaterThanOrEqual(OPENS);
    expect(minutes.at(-1)).toBeLessThan(CLOSES);
    const ids = [day, dayOf(2)].flatMap(({ actions }) =>
      actions.flatMap(({ messages }) => messages.map((each) => each["messageId"])),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("has visits, logins, orders, refunds and consents", () => {
    expect(count(day, "visit")).toBeGreaterThan(100);
    expect(count(day, "login")).toBeGreaterThan(40);
    expect(count(day, "order")).toBeGreaterThan(20);
    const days = [1, 2, 3].map(dayOf);
    for (const kind of ["refund", "consent"] as const) {
      expect(days.reduce((sum, each) => sum + count(each, kind), 0)).toBeGreaterThan(3);
    }
  });

  test("is what the edge can read, at the minute that it names, and comes to the same money", () => {
    const days = [1, 2, 3].map(dayOf);
    const captures = days.flatMap(capturesOf);
    let minor = 0;
    for (const capture of captures) {
      if (capture.kind !== "order" && capture.kind !== "refund") continue;
      expect(capture.flags ?? []).toEqual([]);
      minor += capture.lines.reduce((sum, { amountMinor = 0 }) => sum + amountMinor, 0);
    }
    const told = days.flatMap(({ actions }) => actions.map((action) => action.minor));
    expect(minor).toBe(told.reduce((a, b) => a + b, 0));
    expect(captures[0]?.at.slice(0, 10)).toBe("2026-03-01");
  });

  test("looks around under a browser's name alone, and some browsers are a household's", () => {
    const people = new Map<unknown, Set<unknown>>();
    for (const { kind, messages } of [1, 2, 3, 4, 5, 6].flatMap((each) => dayOf(each).actions)) {
      for (const { anonymousId, userId } of messages) {
        expect(userId === undefined).toBe(kind === "visit");
        if (userId === undefined) continue;
        people.set(anonymousId, (people.get(anonymousId) ?? new Set()).add(userId));
      }
    }
    expect([...people.values()].some(({ size }) => size > 1)).toBe(true);
  });

  test("keeps the truth to itself", () => {
    const told = JSON.stringify(day.actions);
    for (const { id, household } of town.people) {
      expect(told).not.toContain(id);
      expect(told).not.toContain(household);
    }
  });
});
