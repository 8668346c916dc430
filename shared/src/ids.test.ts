import fc from "fast-check";
import { expect, test } from "vitest";
import {
  clientIdOf,
  customerIdOf,
  customerIdSchema,
  epochSchema,
  eventKeyOf,
  fragmentIdOf,
  identityKeySchema,
  seqSchema,
  shardOf,
  sourceIdSchema,
  storeIdSchema,
} from "./ids.ts";
import { identityKeyOf } from "./identity/key.ts";
import { LIMITS } from "./limits.ts";

/** Names and numbers that run into each other as soon as nothing stands between them. */
const idArb = fc.stringMatching(/^[a1][1.-]{0,2}$/);
const epochArb = fc.constantFrom(1, 11, 111);

test("SYN1: different events have different keys, whatever their sources are called", () => {
  const part = fc.record({ source: idArb, epoch: epochArb, seq: epochArb });
  fc.assert(
    fc.property(part, part, (a, b) => {
      const same = a.source === b.source && a.epoch === b.epoch && a.seq === b.seq;
      const keys = [a, b].map((each) => eventKeyOf(each.source, each.epoch, each.seq));
      expect(keys[0] === keys[1]).toBe(same);
    }),
    { numRuns: 2000 },
  );
});

test("FRG1: each writer has its own Yjs client id, as an unsigned 32-bit integer", () => {
  const ids = new Set<number>();
  for (let till = 0; till < 100; till++) {
    for (let epoch = 1; epoch <= 10; epoch++) {
      const id = clientIdOf(`till-${till}`, epoch);
      expect(Number.isInteger(id) && id >= 0 && id < 2 ** 32).toBe(true);
      ids.add(id);
    }
  }
  expect(ids.size).toBe(1000);
});

test("ids that are in the field stay what they are", () => {
  // Frozen: databases, other tills and given-out customer ids depend on these values.
  const key = identityKeyOf("email", "zoe@example.com", "pepper");
  expect(key).toMatchInlineSnapshot(`"email:UFTLtJnGAEC13Am6RQtC-g"`);
  expect(customerIdOf(key)).toMatchInlineSnapshot(`"cAEsfmREeP9W5gvOvFWIWMg"`);
  expect(clientIdOf("till-1", 1)).toMatchInlineSnapshot(`3432591701`);
  expect(shardOf("store-1", 16)).toMatchInlineSnapshot(`14`);
  expect(fragmentIdOf("till-1", 1, "email:x")).toBe("till-1/1/email:x");
});

test("EDG1: a key alone gives its customer id, the same everywhere, and it is a customer id", () => {
  fc.assert(
    fc.property(fc.emailAddress(), fc.emailAddress(), (a, b) => {
      const [keyA, keyB] = [a, b].map((each) => identityKeyOf("email", each, "p"));
      expect(customerIdSchema.safeParse(customerIdOf(keyA!)).success).toBe(true);
      expect(identityKeySchema.safeParse(keyA).success).toBe(true);
      expect(customerIdOf(keyA!) === customerIdOf(keyB!)).toBe(a === b);
    }),
  );
});

test("shards are used evenly", () => {
  const counts = Array.from({ length: 16 }, () => 0);
  for (let at = 0; at < 16_000; at++) counts[shardOf(`c${at}`, 16)]!++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(200);
});

test.each([
  "",
  "Till",
  "till 1",
  "-till",
  "../till",
  "till/1",
  "tïll",
  "till\n",
  "t".repeat(LIMITS.sourceIdChars + 1),
])("%j names no source and no store", (id) => {
  expect(sourceIdSchema.safeParse(id).success).toBe(false);
  expect(storeIdSchema.safeParse(id).success).toBe(false);
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 53, "1"])("SYN1: %j is neither epoch nor seq", (value) => {
  expect(epochSchema.safeParse(value).success).toBe(false);
  expect(seqSchema.safeParse(value).success).toBe(false);
});
