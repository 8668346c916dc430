/** What is particular to each platform at the door: its proof, the name of a delivery, and how its messages are read. */
import type { Account } from "@regulars/shared/connect/account";
import { APP_FORMAT, mapApp } from "@regulars/shared/connect/app/app";
import { cloudEventsMapper } from "@regulars/shared/connect/cloudevents/map";
import type { Failure } from "@regulars/shared/connect/failure";
import type { Mapper } from "@regulars/shared/connect/mapper";
import { mapNdjson } from "@regulars/shared/connect/ndjson/ndjson";
import { mapSegment } from "@regulars/shared/connect/segment/map";
import * as shopify from "@regulars/shared/connect/shopify/index";
import {
  squareDeliveryKeyOf,
  squareTopicOf,
  verifySquare,
} from "@regulars/shared/connect/square/envelope";
import { mapSquare } from "@regulars/shared/connect/square/map";
import * as stripe from "@regulars/shared/connect/stripe/index";
import * as woocommerce from "@regulars/shared/connect/woocommerce/index";

type Headers = Readonly<Record<string, string>>;

export interface Signed {
  readonly body: Uint8Array;
  readonly headers: Headers;
  readonly secret: string;
  readonly nowMs: number;
  readonly url?: string;
}

export interface Platform {
  readonly map: Mapper;
  /** Null where the message is proven to come from there. */
  verify(signed: Signed): Failure | null;
  /** Headers that are kept with a message: those that its reader and its proof need. */
  readonly headers: readonly string[];
  keyOf(headers: Headers, body: Uint8Array): string;
  topicOf(headers: Headers, body: Uint8Array): string;
}

export const PLATFORMS: Partial<Record<Account["kind"], Platform>> = {
  shopify: {
    map: shopify.mapShopify,
    verify: shopify.verifyShopify,
    headers: shopify.SHOPIFY_HEADERS,
    keyOf: shopify.deliveryKeyOf,
    topicOf: shopify.topicOf,
  },
  woocommerce: {
    map: woocommerce.mapWooCommerce,
    verify: woocommerce.verifyWooCommerce,
    headers: woocommerce.WOOCOMMERCE_HEADERS,
    keyOf: woocommerce.deliveryKeyOf,
    topicOf: woocommerce.topicOf,
  },
  stripe: {
    map: stripe.mapStripe,
    verify: stripe.verifyStripe,
    headers: stripe.STRIPE_HEADERS,
    keyOf: stripe.deliveryKeyOf,
    topicOf: stripe.topicOf,
  },
  square: {
    map: mapSquare,
    verify: verifySquare,
    headers: ["x-square-hmacsha256-signature"],
    keyOf: (_, body) => squareDeliveryKeyOf(body),
    topicOf: (_, body) => squareTopicOf(body),
  },
};

const PLATFORM_MAPPERS: Readonly<Record<string, Mapper>> = Object.fromEntries(
  Object.entries(PLATFORMS).map(([kind, platform]) => [kind, platform.map]),
);

/** By format of the item. Lines of files are captures of our own form. */
export const MAPPERS: Readonly<Record<string, Mapper>> = {
  ...PLATFORM_MAPPERS,
  segment: mapSegment,
  cloudevents: cloudEventsMapper(PLATFORM_MAPPERS),
  ndjson: mapNdjson,
  file: mapNdjson,
  [APP_FORMAT]: mapApp,
};
