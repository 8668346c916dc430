import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { metricsText } from "@regulars/shared/metrics";
import { metricsOf } from "../src/watch/metrics.ts";
import { readEdgeStatus, readQuarantine } from "../src/watch/status.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, resealed, sale } from "./till.ts";

afterEach(() => reset());

const anna = keysOf({ email: "anna@example.com" });

test("SYN2 SYN6: the edge tells of each terminal how far it is, and of each item why it is set aside", async () => {
  const till = openTill("till-1", "watched");
  const first = till.capture(anna, sale(100));
  await inbox("watched").push(till.push([first]));
  await inbox("watched").push(till.push([resealed(first, first.body.replace("100", "999"))]));
  const other = openTill("till-2", "watched");
  const nonsense = resealed(other.capture(anna, sale(5)), '{"kind":"nonsense"}');
  await inbox("watched").push(other.push([nonsense]));
  await until(
    () => pullAll("watched", "till-1"),
    ({ marks }) => marks.merged === 1,
  );
  const status = await readEdgeStatus(env);
  const [store] = status.stores;
  expect(store).toMatchObject({ store: "watched", quarantined: { not_an_event: 1 }, needed: 0 });
  expect(store?.terminals).toMatchObject([
    { source: "till-1", epoch: 1, accepted: 1, merged: 1, golden: 0, forks: 1, fenced: 0 },
    { source: "till-2", epoch: 1, accepted: 1, forks: 0 },
  ]);
  expect(store?.terminals[0]?.notGoldenSinceMs).toBeGreaterThan(0);
  expect(status.shards.reduce((sum, { customers }) => sum + customers, 0)).toBe(1);
  expect(await readQuarantine(env)).toMatchObject([
    { store: "watched", source: "till-2", epoch: 1, seq: 1, code: "not_an_event" },
  ]);

  const text = metricsText(metricsOf(status, Date.now()));
  for (const sample of [
    'regulars_edge_events_total{store="watched",source="till-1",step="merged"} 1',
    'regulars_edge_forks_total{store="watched",source="till-1"} 1',
    'regulars_edge_quarantined{store="watched",reason="not_an_event"} 1',
  ]) {
    expect(text).toContain(`${sample}\n`);
  }
  expect(text).toMatch(/regulars_edge_storage_bytes\{store="watched"\} [1-9]\d+\n/);
  expect(text).not.toContain("anna");
});
