import fc from "fast-check";
import { expect, test } from "vitest";
import { stampOf } from "../clock.ts";
import type { RegularsEvent } from "../events/event.ts";
import { isDeviceKey } from "../identity/key.ts";
import { clientIdOf } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { readContribution, recordEvent } from "./fragment.ts";
import { openWritten } from "./written.ts";

const keyArb = (kinds: readonly string[], most: number) =>
  fc
    .record({ kind: fc.constantFrom(...kinds), n: fc.nat(most) })
    .map(({ kind, n }) => `${kind}:${`${n}`.padStart(22, "0")}`);
const DEVICE = keyArb(["anonymous"], 80);
const PERSON = keyArb(["loyalty", "user", "email", "phone"], 12);
/** More browsers than people, as it is. */
const subjectsArb = fc.array(
  fc.uniqueArray(fc.oneof({ arbitrary: DEVICE, weight: 3 }, PERSON), {
    minLength: 1,
    maxLength: LIMITS.subjectKeys,
  }),
  { minLength: 1, maxLength: 60, size: "max" },
);

function keptOf(own: string, subjects: readonly string[][], isReopened: boolean): Set<string> {
  const clientId = clientIdOf("web", 1);
  let doc = openWritten(null, clientId);
  subjects.forEach((subject, at) => {
    if (isReopened) doc = openWritten(doc.state(), clientId);
    const event: RegularsEvent = {
      source: "web",
      store: "web",
      epoch: 1,
      seq: at + 1,
      at: "2026-03-01T10:00:00Z",
      zone: "UTC",
      stamp: stampOf({ ms: 1_700_000_000_000 + at, counter: 0 }, "web/1"),
      flags: [],
      subject: [own, ...subject],
      kind: "claim",
      body: { claims: {} },
    } as never;
    recordEvent(doc, event, own);
  });
  return new Set(Object.keys(readContribution(doc).keys));
}

test("FRG4: whatever browsers a fragment meets, the first of the better keys have their places, and it says the same anew", () => {
  let isFull = false;
  fc.assert(
    fc.property(fc.oneof(DEVICE, PERSON), subjectsArb, (own, subjects) => {
      const met = [...new Set([own, ...subjects.flat()])];
      const devices = met.filter(isDeviceKey);
      const better = met.filter((key) => !isDeviceKey(key));
      const kept = keptOf(own, subjects, false);
      const keptDevices = [...kept].filter(isDeviceKey);
      isFull ||= devices.length > LIMITS.fragmentDeviceKeys && better.length > 32;

      expect(kept.size).toBeLessThanOrEqual(LIMITS.fragmentKeys);
      expect(kept).toContain(own);
      expect(keptDevices.length).toBeLessThanOrEqual(LIMITS.fragmentDeviceKeys);
      for (const key of better.slice(0, LIMITS.fragmentKeys - LIMITS.fragmentDeviceKeys)) {
        expect(kept).toContain(key);
      }
      // What is left out came later than all that is kept of its sort.
      const lastIn = (keys: readonly string[]) => keys.findLastIndex((key) => kept.has(key));
      for (const keys of [devices, better]) {
        expect(keys.slice(0, lastIn(keys) + 1).every((key) => kept.has(key))).toBe(true);
      }
      expect(keptOf(own, subjects, true)).toEqual(kept);
    }),
    { numRuns: 60 },
  );
  expect(isFull).toBe(true);
});

test("FRG4: a regular of a hundred carts and browsers is still known by the e-mail that they give last", () => {
  const browsers = Array.from({ length: 100 }, (_, n) => [`anonymous:${`${n}`.padStart(22, "0")}`]);
  const email = `email:${"e".repeat(22)}`;
  const kept = keptOf(`user:${"u".repeat(22)}`, [...browsers, [email]], false);
  expect(kept).toContain(email);
  expect(kept.size).toBe(LIMITS.fragmentDeviceKeys + 2);
});
