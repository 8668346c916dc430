import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../limits.ts";
import { momentOf } from "./moment.ts";

const NOW = Date.parse("2026-05-01T12:00:00.000Z");
const iso = (ms: number) => new Date(ms).toISOString();
const minutes = (count: number) => count * 60_000;

test("whatever the client's clock says, what happened so long before it was sent happened so long before it arrived", () => {
  const skew = fc.integer({ min: -40 * 365 * 1440, max: 40 * 365 * 1440 }).map(minutes);
  const wait = fc.integer({ min: 0, max: 30 * 1440 }).map(minutes);
  fc.assert(
    fc.property(skew, wait, (off, waited) => {
      const sent = NOW + off;
      const times = { sentAt: iso(sent), timestamp: iso(sent - waited) };
      expect(momentOf(times, NOW)).toEqual({ ok: true, value: NOW - waited });
    }),
  );
});

test.each<[string, object, number]>([
  [
    "as Segment's handbook has it",
    { originalTimestamp: iso(NOW - 17), sentAt: iso(NOW) },
    NOW - 17,
  ],
  ["no time at all: now", {}, NOW],
  ["no time of its own: now", { sentAt: iso(NOW - minutes(9)) }, NOW],
  ["no sentAt: the client's word", { timestamp: iso(NOW - minutes(9)) }, NOW - minutes(9)],
  ["a sentAt that is none: the client's word", { timestamp: iso(NOW - 5), sentAt: "x" }, NOW - 5],
  ["a clock that runs ahead, without sentAt: now", { timestamp: iso(NOW + minutes(3)) }, NOW],
  ["seconds ahead are seconds", { timestamp: iso(NOW + 30_000) }, NOW + 30_000],
  ["a clock that was never set: now", { timestamp: iso(0) }, NOW],
  ["sent before it happened: now", { timestamp: iso(NOW), sentAt: iso(NOW - minutes(5)) }, NOW],
  [
    "history stays history",
    { timestamp: "2015-02-23T22:28:55Z", sentAt: iso(NOW) },
    Date.parse("2015-02-23T22:28:55Z"),
  ],
  ["seconds since 1970", { timestamp: NOW / 1000 }, NOW],
  ["milliseconds since 1970", { timestamp: NOW - 1 }, NOW - 1],
  ["a day", { timestamp: "2026-04-30" }, Date.parse("2026-04-30T00:00:00Z")],
  [
    "without an offset it is UTC",
    { timestamp: "2026-04-30T10:00:00.5" },
    Date.parse("2026-04-30T10:00:00.500Z"),
  ],
])("%s", (_name, times, at) => {
  expect(momentOf(times, NOW)).toEqual({ ok: true, value: at });
});

test("what another receiver passes on has been corrected there", () => {
  const times = {
    receivedAt: "2015-12-12T19:11:01.266Z",
    sentAt: "2015-12-12T19:11:01.169Z",
    originalTimestamp: "2015-12-12T19:11:01.152Z",
  };
  const corrected = Date.parse("2015-12-12T19:11:01.249Z");
  expect(momentOf({ ...times, timestamp: "2015-12-12T19:11:01.249Z" }, NOW)).toMatchObject({
    value: corrected,
  });
  expect(momentOf(times, NOW)).toMatchObject({ value: corrected });
});

test("a time that is none is a reason", () => {
  expect(momentOf({ timestamp: "yesterday" }, NOW)).toMatchObject({
    reason: { code: "bad_time", field: "timestamp" },
  });
  expect(momentOf({ timestamp: iso(NOW), originalTimestamp: {} }, NOW)).toMatchObject({
    reason: { code: "bad_time", field: "originalTimestamp" },
  });
});

test("no moment lies further ahead than a clock may", () => {
  const any = fc.oneof(
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.double(),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.record({ timestamp: any, sentAt: any, receivedAt: any }), (times) => {
      const moment = momentOf(times, NOW);
      const ms = moment.ok ? moment.value : NOW;
      expect(ms).toBeLessThanOrEqual(NOW + LIMITS.clockAheadMs);
      expect(Number.isSafeInteger(ms)).toBe(true);
    }),
  );
});
