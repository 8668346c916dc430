/** Random histories of a few tills: who is served when, and what they say. */
import { compareKeys } from "@regulars/shared/identity/key";
import type { IdentityKey } from "@regulars/shared/ids";
import fc from "fast-check";
import { createTill, keyOf, START_MS, type Till } from "./till.ts";

const KEYS: readonly IdentityKey[] = [
  ...["1", "2", "3"].map((value) => keyOf("loyalty", value)),
  ...["a@x.example", "b@x.example", "c@x.example"].map((value) => keyOf("email", value)),
  ...["+441632960001", "+441632960002"].map((value) => keyOf("phone", value)),
  ...["web/1", "web/2", "app/1"].map((value) => keyOf("user", value)),
  ...["browser", "cart"].map((value) => keyOf("anonymous", value)),
];
export const TILLS = 3;

const captureArbitrary = fc.record({
  till: fc.nat(TILLS - 1),
  minute: fc.nat(500),
  subject: fc.uniqueArray(fc.constantFrom(...KEYS), { minLength: 0, maxLength: 3 }),
  name: fc.option(fc.constantFrom("Ann", "Anna", "Bea", "Cy"), { nil: null }),
});
export type Capture = typeof captureArbitrary extends fc.Arbitrary<infer Value> ? Value : never;
export const historyArbitrary = fc.array(captureArbitrary, { minLength: 1, maxLength: 14 });

export function play(history: readonly Capture[]): Till[] {
  const tills = Array.from({ length: TILLS }, (_, at) =>
    createTill(`till-${at}`, { store: `store-${at % 2}` }),
  );
  // A till sees its own sales in order of time; the tills do not see each other.
  for (const { till, minute, subject, name } of history.toSorted((a, b) => a.minute - b.minute)) {
    const keys = subject.toSorted(compareKeys);
    const atMs = START_MS + minute * 60_000;
    if (name === null || keys.length === 0) tills[till]?.sale(100 + minute, keys, atMs);
    else tills[till]?.claim({ givenName: name }, keys, atMs);
  }
  return tills;
}
