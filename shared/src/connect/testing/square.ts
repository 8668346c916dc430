/** For tests of the Square connector: one message, and what it becomes. */
import type { MapAccount } from "../mapper.ts";
import { mapSquare } from "../square/map.ts";
import { capturesOf } from "./hostile.ts";

export const NOW = Date.parse("2026-05-01T12:00:00.000Z");
export const SQUARE: MapAccount = {
  id: "square",
  realm: "shop",
  zone: "America/New_York",
  country: "US",
  currency: "USD",
  rules: {},
};

export const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

export const mapSaid = (topic: string, said: unknown, account = SQUARE, fetched?: unknown) =>
  mapSquare(
    {
      topic,
      body: bytesOf(said),
      headers: {},
      receivedAtMs: NOW,
      ...(fetched === undefined ? {} : { fetched: bytesOf(fetched) }),
    },
    account,
  );

export const mapBody = (body: Uint8Array, topic = "api") =>
  mapSquare({ topic, body, headers: {}, receivedAtMs: NOW }, SQUARE);

export const answered = (said: unknown, account = SQUARE) =>
  capturesOf(mapSaid("api", said, account));

export const eventOf = (type: string, object: object, id = "id-1") => ({
  merchant_id: "M",
  type,
  event_id: "e-1",
  created_at: "2026-04-30T10:00:00Z",
  data: { type: "thing", id, object },
});

export const usd = (amount: number) => ({ amount, currency: "USD" });

/** A paid order of two pieces with a tip, for somebody. */
export const ORDER = {
  id: "o-1",
  location_id: "L1",
  reference_id: "web-7",
  state: "COMPLETED",
  version: 4,
  customer_id: "c-1",
  created_at: "2026-04-30T09:00:00Z",
  updated_at: "2026-04-30T09:10:00Z",
  line_items: [
    {
      uid: "l",
      catalog_object_id: "V1",
      name: "Tea",
      variation_name: "Large",
      quantity: "2",
      base_price_money: usd(500),
      gross_sales_money: usd(1000),
      total_money: usd(990),
    },
  ],
  total_money: usd(1190),
  total_tax_money: usd(90),
  total_discount_money: usd(100),
  total_tip_money: usd(150),
  total_service_charge_money: usd(50),
  tenders: [
    {
      id: "t-1",
      payment_id: "p-1",
      type: "CARD",
      amount_money: usd(1000),
      customer_id: "c-2",
      created_at: "2026-04-30T09:05:00Z",
    },
    { id: "t-2", type: "CASH", amount_money: usd(190) },
  ],
};
