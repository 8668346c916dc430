/** Whatever is sent, a mapper answers with captures that hold or a reason of the closed list, and names no value (SEC2). */
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectCaptureSchema } from "./captures.ts";
import { FAILURE_CODES, wordsOf } from "./failure.ts";
import type { Mapper } from "./mapper.ts";
import { accountFor, RECEIVED_AT_MS } from "../../../test/connect/captures.ts";
import * as shopify from "./shopify/index.ts";
import * as stripe from "./stripe/index.ts";
import * as woo from "./woocommerce/index.ts";

interface Platform {
  readonly name: string;
  readonly map: Mapper;
  readonly topicOf: typeof shopify.topicOf;
  readonly deliveryKeyOf: typeof shopify.deliveryKeyOf;
  readonly topics: readonly string[];
}

const PLATFORMS: readonly Platform[] = [
  {
    name: "shopify",
    map: shopify.mapShopify,
    topicOf: shopify.topicOf,
    deliveryKeyOf: shopify.deliveryKeyOf,
    topics: [
      "orders/create",
      "orders/delete",
      "refunds/create",
      "customers/update",
      "customers_email_marketing_consent/update",
      "checkouts/update",
      "carts/update",
      "customers/redact",
      "customers/data_request",
      "shop/redact",
    ],
  },
  {
    name: "woocommerce",
    map: woo.mapWooCommerce,
    topicOf: woo.topicOf,
    deliveryKeyOf: woo.deliveryKeyOf,
    topics: ["order.updated", "order.deleted", "refund.created", "customer.updated"],
  },
  {
    name: "stripe",
    map: stripe.mapStripe,
    topicOf: stripe.topicOf,
    deliveryKeyOf: stripe.deliveryKeyOf,
    topics: ["charge.refunded", "refund.created", "customer.updated", "checkout.session.completed"],
  },
];

/** Known in what is sent, and never in what is said of it. */
const SECRET = "s3cr3t-value";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const account = accountFor({ rules: { countTests: true } });

/** What is wrong with the answer: nothing. */
function problemsOf(
  { map, topicOf, deliveryKeyOf }: Platform,
  topic: string,
  body: Uint8Array,
): string[] {
  const problems: string[] = [];
  topicOf({}, body);
  if (deliveryKeyOf({}, body).length > 200) problems.push("a key of a delivery is too long");
  const mapped = map({ topic, body, headers: {}, receivedAtMs: RECEIVED_AT_MS }, account);
  if (!mapped.ok) {
    if (!FAILURE_CODES.includes(mapped.reason.code)) problems.push("a reason is not on the list");
    if (wordsOf(mapped.reason).includes(SECRET)) problems.push("a reason holds a value");
    return problems;
  }
  const captures = "captures" in mapped.value ? mapped.value.captures : [];
  for (const capture of captures) {
    const parsed = connectCaptureSchema.safeParse(capture);
    if (!parsed.success) problems.push(parsed.error.message);
  }
  return problems;
}

/** Values that a field may have where it should have another. */
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    SECRET,
    "",
    " ",
    null,
    true,
    -1,
    0,
    1.5,
    1e300,
    Number.MAX_SAFE_INTEGER,
    "99999999999999999999",
    "1e5",
    "1,50",
    "-0",
    "0000-00-00T00:00:00",
    "9999-12-31T23:59:59+14:00",
    "\ud800",
    "x".repeat(600),
    [],
    {},
    [SECRET],
    { [SECRET]: SECRET },
    [[{}]],
  ),
  fc.jsonValue(),
);

/** Changes a value somewhere in it. `path` picks the way down, one number per step. */
function mutate(value: unknown, path: readonly number[], replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return replacement;
  if (Array.isArray(value)) {
    const at = step % Math.max(1, value.length);
    return value.map((each, index): unknown =>
      index === at ? mutate(each, rest, replacement) : each,
    );
  }
  const names = Object.keys(value);
  const name = names[step % Math.max(1, names.length)] ?? "added";
  const inner = (value as Record<string, unknown>)[name];
  const copy: Record<string, unknown> = { ...value };
  if (replacement === undefined && rest.length === 0) delete copy[name];
  else copy[name] = mutate(inner, rest, replacement);
  return copy;
}

for (const platform of PLATFORMS) {
  const folder = new URL(`${platform.name}/fixtures/`, import.meta.url);
  const files = readdirSync(folder);
  const topic = fc.constantFrom(...platform.topics);

  describe(`whatever is sent to ${platform.name}`, () => {
    test("any JSON on any topic", () => {
      fc.assert(
        fc.property(topic, fc.jsonValue(), (on, value) => {
          expect(problemsOf(platform, on, bytes(JSON.stringify(value)))).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });

    test("any bytes on any topic", () => {
      fc.assert(
        fc.property(topic, fc.uint8Array({ maxLength: 200 }), (on, body) => {
          expect(problemsOf(platform, on, body)).toEqual([]);
        }),
      );
    });

    test.each(files)("%s with a few values changed, on its topic and on others", (file) => {
      const value: unknown = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
      const own = file.replace(/\.json$/, "").replace("_", "/");
      const path = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 6 });
      const change = fc.tuple(path, fc.oneof(hostile, fc.constant(undefined)));
      fc.assert(
        fc.property(
          fc.oneof({ weight: 4, arbitrary: fc.constant(own) }, topic),
          fc.array(change, { minLength: 1, maxLength: 3 }),
          (on, changes) => {
            const changed = changes.reduce<unknown>(
              (before, [way, replacement]) => mutate(before, way, replacement),
              value,
            );
            const body = bytes(JSON.stringify(changed) ?? "null");
            expect(problemsOf(platform, on, body)).toEqual([]);
          },
        ),
        { numRuns: 400 },
      );
    });

    test.each(files)("%s cut off at every seventh byte", (file) => {
      const body = new Uint8Array(readFileSync(new URL(file, folder)));
      const own = file.replace(/\.json$/, "").replace("_", "/");
      for (let end = 0; end < body.length - 3; end += 7) {
        const mapped = platform.map(
          { topic: own, body: body.subarray(0, end), headers: {}, receivedAtMs: 0 },
          account,
        );
        expect(mapped).toEqual({ ok: false, reason: { code: "not_json" } });
      }
    });
  });
}
