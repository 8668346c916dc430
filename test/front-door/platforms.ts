/** Platforms as the edge meets them: each signs what it sends in its own way. */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { Shop, ShopAccount } from "../shop.ts";

export const SECRET = "whsec-front-door-tests";
export const NOTIFIED = "https://shop.example/hooks/square";

export type PlatformKind = "shopify" | "woocommerce" | "square" | "stripe";

/** What a platform tells: the bytes, and what stands around them. */
export interface Message {
  readonly name: string;
  readonly topic: string;
  readonly body: Buffer;
}

interface Envelope extends Message {
  /** Names this delivery, where the platform names them. */
  readonly delivery: string;
  readonly secret?: string;
}

const mac = (secret: string, ...parts: (string | Buffer)[]) => {
  const hmac = createHmac("sha256", secret);
  for (const part of parts) hmac.update(part);
  return hmac;
};

export function headersFor(
  kind: PlatformKind,
  { topic, body, delivery, secret = SECRET }: Envelope,
): Record<string, string> {
  switch (kind) {
    case "shopify":
      return {
        "x-shopify-hmac-sha256": mac(secret, body).digest("base64"),
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": delivery,
      };
    case "woocommerce":
      return {
        "x-wc-webhook-signature": mac(secret, body).digest("base64"),
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-delivery-id": delivery,
      };
    case "square":
      return { "x-square-hmacsha256-signature": mac(secret, NOTIFIED, body).digest("base64") };
    case "stripe": {
      const seconds = Math.floor(Date.now() / 1_000);
      const signature = mac(secret, `${seconds}.`, body).digest("hex");
      return { "stripe-signature": `t=${seconds},v1=${signature}` };
    }
  }
}

const answerSchema = z.looseObject({
  accepted: z.int().optional(),
  duplicates: z.int().optional(),
  reason: z.string().optional(),
  detail: z.string().optional(),
});
export type Answer = z.infer<typeof answerSchema> & { readonly status: number };

export async function answerOf(response: Response): Promise<Answer> {
  return { ...answerSchema.parse(await response.json()), status: response.status };
}

/** As the platform posts it. */
export async function deliver(
  shop: Shop,
  account: ShopAccount,
  message: Omit<Envelope, "name">,
): Promise<Answer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- webhooks come from platforms only
  const kind = account.kind as PlatformKind;
  const headers = headersFor(kind, { ...message, name: "" });
  const init = { method: "POST", headers, body: new Uint8Array(message.body) };
  return answerOf(await shop.send(`/v1/webhooks/${account.id}`, init));
}

export const bodyOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
