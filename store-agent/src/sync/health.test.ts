import { metricsText } from "@regulars/shared/metrics";
import { expect, test } from "vitest";
import { statusOf } from "../../testing/both-lanes.ts";
import { createFakeEdge } from "../../testing/fake-edge.ts";
import { NOON, sale } from "../../testing/settings.ts";
import { openTill } from "../../testing/till.ts";
import { healthOf } from "./health.ts";
import { metricsOf } from "./metrics.ts";
import type { Status } from "./status.ts";

const ZONE = "Europe/London";
const MINUTE_MS = 60_000;

async function statusAfter(sales: number): Promise<Status> {
  const till = await openTill({ edge: createFakeEdge() });
  for (let n = 0; n < sales; n++) {
    await till.captured(sale({ customer: { email: "ada@example.org", givenName: "Ada" } }));
  }
  return statusOf(till);
}

const timeAt = (ms: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).format(
    ms,
  );

test("SYN2: a till says in words what has not come through, and since when", async () => {
  const status = await statusAfter(2);
  // What is on its way for seconds is nobody's business.
  expect(healthOf(status, ZONE, NOON + MINUTE_MS / 2)).toEqual({ ok: true, words: "all is well" });
  const since = new Date(NOON + 2 * MINUTE_MS).toISOString();
  const offline: Status = { ...status, edge: { state: "unreachable", since } };
  const { captured } = status;
  expect(healthOf(offline, ZONE, NOON + 10 * MINUTE_MS)).toEqual({
    ok: false,
    words: `${captured} events not yet sent, oldest ${timeAt(NOON)}, edge unreachable since ${timeAt(NOON + 2 * MINUTE_MS)}`,
  });
  const sent = { ...status.oldest, notAccepted: null };
  const waiting: Status = {
    ...status,
    oldest: sent,
    total: { ...status.total, accepted: captured, golden: captured - 1 },
    clockOffsetMs: -3 * 60 * MINUTE_MS,
    quarantined: 1,
  };
  expect(healthOf(waiting, ZONE, NOON + 10 * MINUTE_MS).words).toBe(
    `1 event not yet at head office, oldest ${timeAt(NOON)}, 1 event set aside, see /v1/quarantine, the clock is 3 hours behind`,
  );
});

test.each([
  ["not_enrolled", "this till is not enrolled", ": ask the office for a code"],
  [
    "bad_code",
    "the enrolment code was not accepted",
    ": it was used, has ended, or is for another till; ask the office for another one",
  ],
  ["revoked", "the office has revoked this till", null],
] as const)(
  "SEC1: a till that is %s says so in words, and what to do",
  async (state, what, advice) => {
    const status = await statusAfter(1);
    const since = new Date(NOON).toISOString();
    const wordsSince = (at: string | null): string =>
      healthOf({ ...status, edge: { state, since: at } }, ZONE, NOON + 1).words;
    const time = timeAt(NOON);
    expect(wordsSince(since)).toBe(
      advice === null ? `${what} since ${time}` : `${what} (since ${time})${advice}`,
    );
    expect(wordsSince(null)).toBe(`${what}${advice ?? ""}`);
    expect(healthOf({ ...status, edge: { state, since } }, ZONE, NOON + 1).ok).toBe(false);
  },
);

test("SEC2: health and metrics hold no word about a customer", async () => {
  const status = await statusAfter(3);
  const text = metricsText(metricsOf(status, NOON + MINUTE_MS));
  expect(text + healthOf(status, ZONE, NOON + 10 * MINUTE_MS).words).not.toMatch(/ada/i);
  const { store, source } = { store: status.store, source: status.source };
  expect(text).toContain(
    `regulars_till_events_total{store="${store}",source="${source}",step="captured"} ${status.captured}\n`,
  );
  expect(text).toContain(
    `regulars_till_oldest_waiting_seconds{store="${store}",source="${source}",step="accepted"} 60\n`,
  );
  // Every line is a comment or a sample.
  const line = /^(# (HELP|TYPE) \w+ .+|\w+(\{(\w+="[^"\n]*",?)+\})? -?[\d.e+-]+)$/;
  for (const each of text.trimEnd().split("\n")) expect(each).toMatch(line);
  expect(status.storageBytes).toBeGreaterThan(10_000);
});
