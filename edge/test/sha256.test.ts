/** Hashes at the edge are the runtime's own, and those of every other tier. */
import { hmacSha256, sha256Base64, sha256Hex, sha256Uint32 } from "@regulars/shared/digest";
import * as everywhere from "@regulars/shared/sha256/everywhere";
import { expect, test } from "vitest";

test("SYN5: SHA-256 and HMAC of workerd are those of JavaScript, also of text that is no Unicode", () => {
  const texts = ["", "Zoë 🫖", "lone \ud800 half", "\udc00", "x".repeat(100_000)];
  const bytes = [new Uint8Array(), Uint8Array.from({ length: 1_000 }, (_, at) => at)];
  for (const data of [...texts, ...bytes]) {
    expect(sha256Hex(data)).toBe(everywhere.sha256Hex(data));
    expect(sha256Base64(data)).toBe(everywhere.sha256Base64(data));
  }
  for (const text of texts) {
    expect(sha256Uint32(text)).toBe(new DataView(everywhere.sha256(text).buffer).getUint32(0));
    for (const secret of texts) {
      expect(hmacSha256(secret, text)).toEqual(everywhere.hmacSha256(secret, text));
    }
  }
  expect(sha256Hex).not.toBe(everywhere.sha256Hex);
});
