import { expect, test } from "vitest";
import { contentDigestOf, isAsSent } from "./content-digest.ts";

const body = '{"protocol":2,"seq":7}';

test("SYN5: a body that is not what its digest says is refused, whatever bit of it was bent", async () => {
  const digest = contentDigestOf(body);
  expect(isAsSent(body, digest, JSON.parse(body))).toBe(true);
  for (let at = 0; at < body.length; at++) {
    for (let bit = 0; bit < 7; bit++) {
      const bent =
        body.slice(0, at) +
        String.fromCharCode(body.charCodeAt(at) ^ (1 << bit)) +
        body.slice(at + 1);
      expect(isAsSent(bent, digest, null)).toBe(false);
    }
  }
  expect(isAsSent(body, "sha-256=:AAAA:", JSON.parse(body))).toBe(false);
  expect(isAsSent(body, "", JSON.parse(body))).toBe(false);
});

test("SYN9: only a message of a protocol that knew no digest, or of none, comes without", async () => {
  expect(isAsSent(body, null, { protocol: 2 })).toBe(false);
  expect(isAsSent(body, undefined, { protocol: 3 })).toBe(false);
  expect(isAsSent(body, null, { protocol: 1 })).toBe(true);
  expect(isAsSent(body, null, { email: "somebody" })).toBe(true);
  expect(isAsSent("no json", null, undefined)).toBe(true);
});
