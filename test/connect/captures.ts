/** What the tests of all connectors have in common. */
import type { Account } from "@regulars/shared/connect/account";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import type { Mapped, MapAccount } from "@regulars/shared/connect/mapper";

export const RECEIVED_AT_MS = Date.UTC(2026, 10, 26, 8, 0, 0);

export function accountFor(given: Partial<Account> = {}): MapAccount {
  return {
    id: "shop",
    realm: "web",
    zone: "Europe/London",
    country: "GB",
    currency: "GBP",
    locations: { "88": "tokyo-1" },
    rules: {},
    ...given,
  };
}

/** Throws what went wrong, for tests that expect captures. */
export function capturesOf(mapped: Mapped): readonly ConnectCapture[] {
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.reason));
  if (!("captures" in mapped.value)) throw new Error("needs something fetched");
  return mapped.value.captures;
}

export const bytesOf = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
