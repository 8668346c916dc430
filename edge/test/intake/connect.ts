/** Connectors as the edge meets them: accounts in its registry, keys, signed messages, and what becomes of them. */
import { env, exports } from "cloudflare:workers";
import type { Account } from "@regulars/shared/connect/account";
import { z } from "zod";
import { apiKeyText, digestHex, newApiKey } from "../../src/access/api-key.ts";
import type { Scope } from "@regulars/shared/access/scopes";
import { forgetRegistry } from "../../src/registry/known.ts";
import type { AccountSecrets } from "../../src/registry/port.ts";
import { profileSchema } from "@regulars/shared/survivorship/profile";
import { createShardedDirectory } from "../../src/directory/sharded.ts";
import { profileStubOf, registryStub } from "../../src/stubs.ts";
import { accountOf, CENTRE } from "../callers.ts";

export const SECRET = "whsec-for-tests-only";

export async function putAccount(
  id: string,
  more: Partial<Account> & { readonly secrets?: AccountSecrets } = {},
): Promise<void> {
  await registryStub(env).putAccount({ ...accountOf(id), ...more });
  forgetRegistry();
}

export async function keyOf(id: string, scopes: readonly Scope[]): Promise<string> {
  const parts = newApiKey();
  const digest = await digestHex(parts.secret);
  await registryStub(env).addKey(id, { id: parts.id, digest, scopes, expiresMs: null });
  return apiKeyText(parts);
}

export async function send(
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ readonly status: number; readonly json: unknown; readonly headers: Headers }> {
  const response = await exports.default.fetch(`https://edge.test${path}`, {
    method: "POST",
    body,
    headers,
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: JSON.parse(text) };
}

/** As Shopify sends it: signed over the bytes, in base64. */
export async function shopifyHeaders(
  body: string,
  topic: string,
  delivery: string,
  secret = SECRET,
): Promise<Record<string, string>> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(body)));
  return {
    "x-shopify-hmac-sha256": btoa(String.fromCharCode(...signature)),
    "x-shopify-topic": topic,
    "x-shopify-webhook-id": delivery,
    "x-shopify-event-id": delivery,
  };
}

export async function sendShopify(
  account: string,
  topic: string,
  payload: object | string,
  delivery: string,
  secret = SECRET,
) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  return send(`/v1/webhooks/${account}`, body, await shopifyHeaders(body, topic, delivery, secret));
}

/** Little of an order: what its totals and its customer are read from. */
export const shopifyOrder = (more: object = {}) => ({
  id: 450789469,
  name: "#1001",
  email: "anna@example.com",
  created_at: "2026-01-05T10:00:00+00:00",
  updated_at: "2026-01-05T10:00:00+00:00",
  currency: "GBP",
  financial_status: "paid",
  fulfillment_status: null,
  total_price: "25.00",
  subtotal_price: "25.00",
  total_tax: "0.00",
  total_discounts: "0.00",
  taxes_included: true,
  line_items: [
    { id: 1, sku: "A-1", title: "Shirt", quantity: 1, price: "25.00", total_discount: "0.00" },
  ],
  shipping_lines: [],
  customer: { id: 207119551, email: "anna@example.com", first_name: "Anna", last_name: "Berg" },
  ...more,
});

export const desk = async (path: string): Promise<unknown> => {
  const response = await exports.default.fetch(`https://edge.test/v1/intake${path}`, {
    headers: { authorization: `Bearer ${CENTRE}` },
  });
  return response.json();
};

const failedSchema = z.object({
  items: z.array(z.looseObject({ item: z.string(), code: z.string(), class: z.string() })),
});

export const failedItems = async () => failedSchema.parse(await desk("/failed")).items;

/** Of whoever holds the key; null while nobody does. */
export async function profileOf(key: string) {
  const customer = (await createShardedDirectory(env).lookup([key])).get(key);
  if (customer === undefined) return null;
  const answer = await profileStubOf(env, customer).read(customer);
  if (!answer || !("profile" in answer)) return null;
  return profileSchema.parse(JSON.parse(answer.profile));
}
