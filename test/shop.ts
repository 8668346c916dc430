/** A shop at the edge of a house, for tests: its accounts, their keys, and what is sent to them. */
import { createHmac } from "node:crypto";
import type { Account } from "@regulars/shared/connect/account";
import { z } from "zod";

export interface Shop {
  /** Of one account: a new key. */
  keyOf(account: string, scopes: readonly string[]): Promise<string>;
  send(path: string, init: RequestInit): Promise<Response>;
  get<Schema extends z.ZodType>(
    path: string,
    token: string,
    schema: Schema,
  ): Promise<z.infer<Schema>>;
}

export interface ShopAccount extends Partial<Account> {
  readonly id: string;
  readonly kind: Account["kind"];
  readonly secrets?: { readonly webhookSecret?: string; readonly apiToken?: string };
}

const keySchema = z.object({ id: z.string(), key: z.string() });

/** What all accounts of the tests have in common. */
export const ACCOUNT = {
  shop: "web-uk",
  realm: "web",
  channel: "web",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  trust: 5,
  rules: {},
  retry: { attempts: 5, firstMs: 200 },
} as const;

/** `centralToken` is the centre's: whoever runs the edge opens accounts. */
export async function openShop(
  edgeUrl: string,
  centralToken: string,
  accounts: readonly ShopAccount[],
): Promise<Shop> {
  const admin = { authorization: `Bearer ${centralToken}`, "content-type": "application/json" };
  for (const account of accounts) {
    await expectOk(
      await fetch(`${edgeUrl}/v1/accounts/${account.id}`, {
        method: "PUT",
        headers: admin,
        body: JSON.stringify({ ...ACCOUNT, ...account }),
      }),
    );
  }
  return {
    async keyOf(account, scopes) {
      const response = await fetch(`${edgeUrl}/v1/accounts/${account}/keys`, {
        method: "POST",
        headers: admin,
        body: JSON.stringify({ scopes }),
      });
      return keySchema.parse(JSON.parse(await expectOk(response))).key;
    },
    send: (path, init) => fetch(`${edgeUrl}${path}`, init),
    async get(path, token, schema) {
      const headers = { authorization: `Bearer ${token}` };
      return schema.parse(
        JSON.parse(await expectOk(await fetch(`${edgeUrl}${path}`, { headers }))),
      );
    },
  };
}

async function expectOk(response: Response): Promise<string> {
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${new URL(response.url).pathname} answered ${response.status}: ${text}`);
  }
  return text;
}

/** Shopify and WooCommerce sign alike: base64 of the HMAC over the raw body. */
export const hmacOf = (body: string, secret: string): string =>
  createHmac("sha256", secret).update(body).digest("base64");
