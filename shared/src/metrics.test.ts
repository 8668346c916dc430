import { expect, test } from "vitest";
import { ageSeconds, metricsText } from "./metrics.ts";

test("SEC2: metrics are lines of the exposition format, whatever a label holds", () => {
  const text = metricsText([
    {
      name: "regulars_events_total",
      help: "Rows.\nBy step \\ store.",
      type: "counter",
      samples: [{ value: 3 }, { labels: { store: 'a"b\\c\nd', step: "accepted" }, value: 0.5 }],
    },
    { name: "regulars_none", help: "Nothing.", type: "gauge", samples: [] },
  ]);
  expect(text).toBe(
    [
      "# HELP regulars_events_total Rows.\\nBy step \\\\ store.",
      "# TYPE regulars_events_total counter",
      "regulars_events_total 3",
      'regulars_events_total{store="a\\"b\\\\c\\nd",step="accepted"} 0.5',
      "",
    ].join("\n"),
  );
});

test("SEC2: what is not there is not old, and a clock that went back makes nothing younger than now", () => {
  expect(ageSeconds(null, 5_000)).toBe(0);
  expect(ageSeconds(2_000, 5_000)).toBe(3);
  expect(ageSeconds(9_000, 5_000)).toBe(0);
});
