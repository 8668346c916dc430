/** What the parts of a Shopify message are read with. */
import type { MapAccount } from "../mapper.ts";

export interface ShopifyContext {
  readonly account: MapAccount;
  /** When the shop sent it, or else when it came: the time of what has none of its own. */
  readonly receivedAt: string;
  /** Tells one request from the next where the message itself does not. */
  readonly deliveryKey: string;
  readonly topic: string;
}
