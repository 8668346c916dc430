/** Every message of the handbook of Segment's specification (skipped where the data is absent). */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { MapAccount } from "../mapper.ts";
import { capturesOf, takenCuts, faultIn } from "../testing/hostile.ts";
import { mapSegment } from "./map.ts";
import { splitBatch } from "./split.ts";

const samplesUrl = new URL(
  "../../../../../shared/data/payloads/segment_spec_examples.jsonl",
  import.meta.url,
);
const sampleSchema = z.object({ source: z.string(), payload: z.looseObject({}) });
const NOW = Date.parse("2026-05-01T12:00:00.000Z");
const ACCOUNT: MapAccount = {
  id: "web",
  realm: "shop",
  zone: "UTC",
  country: "US",
  currency: "USD",
  rules: {},
};

describe.skipIf(!existsSync(samplesUrl))(
  "Segment's examples (skipped where the data is absent)",
  () => {
    const lines = existsSync(samplesUrl) ? readFileSync(samplesUrl, "utf8").trim().split("\n") : [];
    const samples = lines.map((line) => sampleSchema.parse(JSON.parse(line)).payload);
    const batch = splitBatch(new TextEncoder().encode(JSON.stringify({ batch: samples })), {});
    const messages = batch.ok ? batch.value.messages : [];
    const sent = messages.map(({ topic, body }) => ({
      topic,
      body,
      headers: {},
      receivedAtMs: NOW,
    }));

    test("all are mapped, or name nobody", () => {
      expect(messages).toHaveLength(75);
      const reasons: Record<string, number> = {};
      for (const [index, each] of sent.entries()) {
        const mapped = mapSegment(each, ACCOUNT);
        expect(faultIn(mapped)).toBeNull();
        const outcome = mapped.ok ? "mapped" : mapped.reason.code;
        reasons[outcome] = (reasons[outcome] ?? 0) + 1;
        const { userId, user_id, anonymousId } = samples[index] ?? {};
        expect(mapped.ok).toBe(Boolean(userId ?? user_id ?? anonymousId));
      }
      expect(reasons).toEqual({ mapped: 71, no_identity: 4 });
    });

    test("the example order comes to what it says", () => {
      const orders = sent
        .map((each) => mapSegment(each, ACCOUNT))
        .flatMap((mapped) => (mapped.ok ? capturesOf(mapped) : []))
        .flatMap((capture) => (capture.kind === "order" ? [capture] : []));
      expect(orders).toMatchObject([
        {
          ids: ["50314b8e9bcf000000000000"],
          lines: [
            { sku: "45790-32", amountMinor: 1900 },
            { sku: "46493-32", amountMinor: 600 },
            { sku: "SHIPPING", amountMinor: 300 },
            { sku: "TAX", amountMinor: 200 },
            { sku: "DISCOUNT", amountMinor: -250 },
          ],
          flags: [],
        },
      ]);
    });

    test("each of them is a failure where it was cut off", () => {
      for (const each of sent) {
        expect(takenCuts(each.body, (body) => mapSegment({ ...each, body }, ACCOUNT))).toEqual([]);
      }
    });
  },
);
