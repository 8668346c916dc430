import fc from "fast-check";
import { expect, test } from "vitest";
import { nextPathOf, signInPathOf } from "./next-path.ts";

const HERE = "https://console.example.com";

test("SEC1 whatever is asked for, who has signed in stays on this console", () => {
  const pieces = fc.constantFrom("/", "\\", "//", ".", "..", "evil.example", "@", ":", "https:", "javascript:", "\t", "\n", "%2f", "%5c", "?", "#", "a", " ", "\u0000"); // prettier-ignore
  const built = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(built, built.map((text) => `/${text}`), fc.string(), fc.webUrl()), (asked) => {
      const next = nextPathOf(asked);
      expect(new URL(next, HERE).origin).toBe(HERE);
      expect(next).toMatch(/^\/(?![/\\])/);
      expect(nextPathOf(next)).toBe(next);
    }),
    { numRuns: 500 },
  ); // prettier-ignore
});

test("a path of the console is kept with its query; signing in and out, files and programs' doors are no place to go", () => {
  expect(nextPathOf("/customers/c-1?versions=3")).toBe("/customers/c-1?versions=3");
  for (const asked of [
    null, undefined, "", "customers", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example/",
    "/sign-in", "/sign-in/return?code=1", "/sign-out", "/v1/totals", "/console/style.css", "/health", `/${"x".repeat(600)}`,
  ]) {
    expect([asked, nextPathOf(asked)]).toEqual([asked, "/"]);
  } // prettier-ignore
  expect(signInPathOf("/")).toBe("/sign-in");
  expect(signInPathOf("/a?b=1&c=2")).toBe("/sign-in?next=%2Fa%3Fb%3D1%26c%3D2");
});
