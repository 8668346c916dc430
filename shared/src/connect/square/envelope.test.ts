import { expect, test } from "vitest";
import { createHmac } from "node:crypto";
import { bytesOf, eventOf } from "../testing/square.ts";
import { squareDeliveryKeyOf, squareTopicOf, verifySquare } from "./envelope.ts";

const url = "https://shop.example/v1/webhooks/square";
const body = bytesOf(eventOf("payment.created", {}));
const sign = (secret: string, address: string) =>
  createHmac("sha256", secret).update(address).update(body).digest("base64");
const check = (signature: string | undefined, more: object = {}) =>
  verifySquare({
    body,
    headers: signature === undefined ? {} : { "x-square-hmacsha256-signature": signature },
    secret: "s",
    nowMs: 0,
    url,
    ...more,
  });

test("the signature is over the address and the bytes", () => {
  expect(check(sign("s", url))).toBeNull();
  expect(check(sign("other", url))).toMatchObject({ code: "bad_signature" });
  expect(check(sign("s", `${url}/`))).toMatchObject({ code: "bad_signature" });
  expect(check(sign("s", url), { body: body.slice(1) })).toMatchObject({ code: "bad_signature" });
  expect(check("no base64 !")).toMatchObject({ code: "bad_signature" });
  expect(check(undefined)).toMatchObject({ code: "no_signature" });
});

test("the same event has the same key, whatever it says of its delivery", () => {
  expect(squareDeliveryKeyOf(body)).toBe("square:e-1");
  expect(squareDeliveryKeyOf(bytesOf({}))).toMatch(/^square:[0-9a-f]{64}$/);
  expect(squareDeliveryKeyOf(new Uint8Array([255]))).toMatch(/^square:[0-9a-f]{64}$/);
});

test("the topic is one of the closed list", () => {
  expect(squareTopicOf(body)).toBe("payment.created");
  expect(squareTopicOf(bytesOf({ type: "invoice.created" }))).toBe("unknown");
  expect(squareTopicOf(bytesOf([]))).toBe("unknown");
});
