/** How the tests of this connector send it something. */
import { readFileSync } from "node:fs";
import type { Account } from "@regulars/shared/connect/account";
import { accountFor, bytesOf, capturesOf, RECEIVED_AT_MS } from "./captures.ts";
import { mapShopify } from "@regulars/shared/connect/shopify/index";

export const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(
      new URL(`../../shared/src/connect/shopify/fixtures/${name}.json`, import.meta.url),
      "utf8",
    ),
  ) as Record<string, unknown>;
export const raw = (name: string): Uint8Array =>
  new Uint8Array(
    readFileSync(
      new URL(`../../shared/src/connect/shopify/fixtures/${name}.json`, import.meta.url),
    ),
  );

export const send = (topic: string, body: Uint8Array, account: Partial<Account> = {}) =>
  mapShopify({ topic, body, headers: {}, receivedAtMs: RECEIVED_AT_MS }, accountFor(account));
export const captures = (topic: string, body: unknown, account: Partial<Account> = {}) =>
  capturesOf(send(topic, body instanceof Uint8Array ? body : bytesOf(body), account));
export const ofKind = (topic: string, body: unknown, kind: string) =>
  captures(topic, body).filter((capture) => capture.kind === kind);
