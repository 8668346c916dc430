/** The town's web shop and app: a shop like the others, with accounts at the edge in place of tills. */
import type { Account } from "@regulars/shared/connect/account";
import { type NewAccount, openAccounts } from "../system/accounts.ts";
import { keepApiKeys, type Secrets } from "../system/secrets.ts";
import { createShopClient, type ShopClient } from "../system/shop-client.ts";
import { CURRENCY } from "./basket.ts";

export const SHOP = "web";
export const SEGMENT_ACCOUNT = "shop-segment";
export const APP_ACCOUNT = "shop-app";

const account = (id: string, kind: Account["kind"], channel: Account["channel"]): Account => ({
  id,
  kind,
  shop: SHOP,
  realm: "shop",
  channel,
  zone: "Europe/London",
  country: "GB",
  currency: CURRENCY,
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 1_000 },
});

export const ACCOUNTS: readonly NewAccount[] = [
  { account: account(SEGMENT_ACCOUNT, "segment", "web"), scopes: ["segment"] },
  { account: account("shop-events", "events", "web"), scopes: ["events"] },
  { account: account(APP_ACCOUNT, "app", "app"), scopes: ["profiles", "profiles:write"] },
];

/** Opens what is not open yet, and keeps its keys with the other secrets of the folder. */
export async function openWebShop(
  edgeUrl: string,
  secrets: Secrets,
  folder: string,
): Promise<ShopClient> {
  const { apiKeys: known = {}, centralToken } = secrets;
  const keys = await openAccounts(edgeUrl, centralToken, ACCOUNTS, known);
  if (JSON.stringify(keys) !== JSON.stringify(known)) await keepApiKeys(folder, secrets, keys);
  const keyOf = (id: string): string => keys[id] ?? "";
  return createShopClient(edgeUrl, {
    segment: keyOf(SEGMENT_ACCOUNT),
    app: keyOf(APP_ACCOUNT),
    watch: centralToken,
  });
}
