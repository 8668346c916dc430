/** Every example of Square's own API description (skipped where the data is absent). */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { sumMinor } from "../read/lines.ts";
import { faultIn, takenCuts } from "../testing/hostile.ts";
import { mapBody } from "../testing/square.ts";

const samplesUrl = new URL("../../../../../shared/data/payloads/square/", import.meta.url);
const envelopeSchema = z.object({ type: z.string().optional() });
/** Sum of the lines of each capture with money, in cents. */
const TOTALS: Readonly<Record<string, readonly number[]>> = {
  "BatchRetrieveOrdersResponse.json": [7599],
  "CreateOrderResponse.json": [6176],
  "CreatePaymentResponse.json": [1000],
  "GetPaymentRefundResponse.json": [-555],
  "GetPaymentResponse.json": [555],
  "ListPaymentRefundsResponse.json": [-555],
  "ListPaymentsResponse.json": [555],
  "PayOrderResponse.json": [2000],
  "PaymentCreatedEvent.json": [100],
  "RetrieveOrderResponse.json": [550],
  "UpdateOrderResponse.json": [900],
};
const COUNTS: Readonly<Record<string, number>> = {
  "BulkCreateCustomersResponse.json": 2,
  "BulkRetrieveCustomersResponse.json": 2,
  "CreateCustomerResponse.json": 1,
  "CreateLoyaltyAccountResponse.json": 1,
  "CustomerCreatedEvent.json": 1,
  "ListCustomersResponse.json": 1,
  "SearchCustomersResponse.json": 2,
  "SearchLoyaltyAccountsResponse.json": 1,
};

describe.skipIf(!existsSync(samplesUrl))(
  "Square's examples (skipped where the data is absent)",
  () => {
    const names = existsSync(samplesUrl) ? readdirSync(samplesUrl) : [];

    test.each(names)("%s", (name) => {
      const body = readFileSync(new URL(name, samplesUrl));
      const topic = envelopeSchema.parse(JSON.parse(body.toString("utf8"))).type ?? "api";
      const mapped = mapBody(body, topic);
      expect(faultIn(mapped)).toBeNull();
      expect(mapped.ok).toBe(true);
      const captures = mapped.ok && "captures" in mapped.value ? mapped.value.captures : [];
      const sums = captures.flatMap((each) => ("lines" in each ? [sumMinor(each.lines)] : []));
      expect(sums).toEqual(TOTALS[name] ?? []);
      expect(captures).toHaveLength(COUNTS[name] ?? sums.length);
      expect(captures.flatMap((each) => each.flags ?? [])).toEqual([]);
      expect(takenCuts(body, (cut) => mapBody(cut, topic))).toEqual([]);
    });

    test("all of them are there", () => {
      expect(names).toHaveLength(25);
    });
  },
);
