import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { hashPassword, isOutdated, isPassword } from "./password.ts";

const salt = (): string => randomBytes(32).toString("base64url");

test("SEC1 a password is known by its hash, which says how it was made and gives nothing away", async () => {
  const [one, two] = [await hashPassword("correct horse", salt()), await hashPassword("correct horse", salt())];
  expect(one).toMatch(/^scrypt\$14\$8\$5\$[\w-]{43}\$[\w-]{43}$/);
  expect(one).not.toBe(two);
  expect(one).not.toContain("correct");
  expect(await isPassword("correct horse", one)).toBe(true);
  expect(await isPassword("correct horse ", one)).toBe(false);
  // The same letters, however a keyboard makes them.
  const umlaut = await hashPassword("Gr\u00fc\u00dfe", salt());
  expect(await isPassword("Gru\u0308\u00dfe", umlaut)).toBe(true);
}); // prettier-ignore

test("SEC1 nobody has no password, and a hash that is none opens nothing", async () => {
  for (const hash of [null, "", "scrypt$14$8$5$$", "plain", `scrypt$99$8$5$${salt()}$${salt()}`]) {
    const answer = await isPassword("", hash).catch(() => "impossible parameters");
    expect([hash, answer]).not.toEqual([hash, true]);
  }
});

test("a hash of lighter parameters is still known, and is to be made anew", async () => {
  // Made by Python's hashlib, with N = 2^4.
  const light = "scrypt$4$8$1$c2FsdHNhbHRzYWx0c2FsdA$FxsGQ9KuBFriV_X-lili2cbz4rV2yO9rjTn4OOkmiZI";
  expect(isOutdated(light)).toBe(true);
  expect(isOutdated(await hashPassword("x", salt()))).toBe(false);
  expect(await isPassword("correct horse", light)).toBe(true);
});
