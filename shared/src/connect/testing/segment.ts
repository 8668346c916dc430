/** For tests of the Segment connector: one message, and what it becomes. */
import type { ConnectCapture } from "../captures.ts";
import type { MapAccount } from "../mapper.ts";
import { mapSegment } from "../segment/map.ts";
import { capturesOf } from "./hostile.ts";

export const NOW = Date.parse("2026-05-01T12:00:00.000Z");
export const ACCOUNT: MapAccount = {
  id: "web",
  realm: "shop",
  zone: "Europe/Berlin",
  country: "DE",
  currency: "EUR",
  rules: { ignoredNames: ["Heartbeat"] },
};
export const IDS = { userId: "u-1", anonymousId: "a-1", messageId: "m-1" };

const bytes = (text: string) => new TextEncoder().encode(text);
export const mapText = (topic: string, text: string) =>
  mapSegment({ topic, body: bytes(text), headers: {}, receivedAtMs: NOW }, ACCOUNT);
export const map = (topic: string, message: object) =>
  mapText(topic, JSON.stringify({ ...IDS, ...message }));
export const captures = (topic: string, message: object) => capturesOf(map(topic, message));
export const track = (event: string, properties: object = {}) =>
  captures("track", { event, properties });

export function order(event: string, properties: object) {
  const found = track(event, properties).find(({ kind }) => kind === "order" || kind === "refund");
  if (found === undefined || !("lines" in found)) throw new Error("no order");
  return found;
}
export const amounts = (capture: ConnectCapture) =>
  "lines" in capture ? capture.lines.map(({ sku, amountMinor }) => [sku, amountMinor]) : [];
