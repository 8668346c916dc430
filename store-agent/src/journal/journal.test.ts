import { eventSchema, FLAGS } from "@regulars/shared/events/event";
import { rowsOf } from "@regulars/shared/storage/port";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sale, SOURCE } from "../../testing/settings.ts";
import { countWholeChain, journalOf, openTill, valueOf } from "../../testing/till.ts";

test("SYN1: rows are contiguous from 1 and each hash covers its bytes and the row before", async () => {
  const till = await openTill();
  await Promise.all(
    Array.from({ length: 30 }, (_, i) => {
      return till.captured(sale(i % 3 ? { customer: { email: `c${i}@example.org` } } : {}));
    }),
  );
  expect(await countWholeChain(till.storage)).toBe(50);
});

test("CLK1: stamps rise while the wall clock stands still, jumps back and the till restarts", async () => {
  const till = await openTill();
  await till.captured(sale());
  await till.captured(sale());
  till.clock.ms -= 3_600_000;
  await till.captured(sale());
  await till.close();
  const again = await openTill({ dataDir: till.dataDir });
  again.clock.ms = 0;
  await again.captured(sale());
  const rows = await journalOf(again.storage);
  const stamps = rows.map(({ body }) => eventSchema.parse(JSON.parse(body)).stamp);
  expect(stamps).toHaveLength(4);
  expect(new Set(stamps).size).toBe(4);
  expect(stamps).toEqual(stamps.toSorted());
  const last = rows.at(-1);
  expect(eventSchema.parse(JSON.parse(last?.body ?? "")).at).toBe("1970-01-01T00:00:00.000Z");
});

test("CAP6: the same idempotency key answers with the first receipt, at once, later and after a restart", async () => {
  const till = await openTill();
  const input = sale({ idempotencyKey: "pos-77" });
  const together = await Promise.all([till.captured(input), till.captured(input)]);
  const later = await till.captured(sale({ idempotencyKey: "pos-77", staff: "other" }));
  await till.close();
  const again = await openTill({ dataDir: till.dataDir });
  const afterwards = await again.captured(input);
  const first = together[0];
  expect(first.repeated).toBe(false);
  for (const answer of [together[1], later, afterwards]) {
    expect(answer).toEqual({ ...first, repeated: true });
  }
  expect(await journalOf(again.storage)).toHaveLength(1);
  expect(await again.captured(sale())).toMatchObject({ receipt: `${SOURCE}-1-000002` });
});

test("CAP5: any capture that is answered is an event that every hop can read", async () => {
  const till = await openTill();
  const text = fc.oneof(fc.string({ maxLength: 40 }), fc.constant("ada@example.org"));
  const customer = fc.oneof(
    fc.anything(),
    fc.record(
      { email: text, phone: text, loyaltyNumber: text, givenName: text, birthDate: text },
      { requiredKeys: [] },
    ),
  );
  const decimal = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.nat(999));
  const line = fc.record({
    sku: fc.string({ minLength: 1, maxLength: 20 }),
    quantity: decimal.map(([whole]) => String(whole)),
    unitPrice: decimal.map(([whole, part]) => `${whole}.${String(part).padStart(3, "0")}`),
  });
  const input = fc.record({
    kind: fc.constantFrom("sale", "return"),
    lines: fc.array(line, { maxLength: 4 }),
    customer,
    consents: fc.option(fc.anything(), { nil: undefined }),
    // What is late is for the till to say.
    flags: fc.subarray(FLAGS.filter((flag) => flag !== "late")),
  });
  await fc.assert(
    fc.asyncProperty(input, async (given) => {
      const { seq } = valueOf(await till.capture(given));
      const rows = await rowsOf(till.storage, "select body from journal where seq >= ?", [seq]);
      for (const { body } of rows) eventSchema.parse(JSON.parse(String(body)));
    }),
    { numRuns: 200 },
  );
  expect(await countWholeChain(till.storage)).toBeGreaterThan(200);
});
