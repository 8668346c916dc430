import fc from "fast-check";
import { expect, test } from "vitest";
import { finish } from "./finish.ts";
import { instantIn, instantOf, instantOfSeconds, instantOfUtc } from "./instant.ts";
import { readJson } from "./json.ts";
import { closeLines, shareMinor, sumMinor } from "./lines.ts";
import { minorOf, type Notes, Part } from "./part.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const clock = (ms: number) =>
  new Date(ms).toLocaleString("sv-SE", { timeZone: "America/New_York" }).replace(" ", "T");
const line = (amountMinor: number) => ({ sku: "A", quantity: "1", amountMinor });

test("ids beyond 2^53 keep their digits, other numbers are numbers", () => {
  const read = readJson(bytes('{"id":12345678901234567890,"small":9007199254740991,"part":0.1}'));
  expect(read).toEqual({
    ok: true,
    value: { id: "12345678901234567890", small: 9_007_199_254_740_991, part: 0.1 },
  });
});

test("what is not JSON, and what is not UTF-8, is a reason and no exception", () => {
  expect(readJson(bytes('{"a":'))).toMatchObject({ ok: false, reason: { code: "not_json" } });
  expect(readJson(new Uint8Array())).toMatchObject({ ok: false, reason: { code: "not_json" } });
  expect(readJson(new Uint8Array([0x22, 0xff, 0x22]))).toMatchObject({
    reason: { code: "not_utf8" },
  });
  // Cut off within a character: the cut is the reason, not the character.
  expect(readJson(bytes('{"name":"é').subarray(0, 10))).toMatchObject({
    reason: { code: "not_json" },
  });
  const deep = "[".repeat(300_000) + "1234567890123456" + "]".repeat(300_000);
  expect(readJson(bytes(deep))).toMatchObject({ ok: false, reason: { code: "not_json" } });
  expect(readJson(bytes("\uFEFF{}"))).toEqual({ ok: true, value: {} });
});

test("times become UTC instants, and what has no one reading becomes none (CAP5)", () => {
  expect(instantOf("2008-01-10T11:00:00-05:00")).toBe("2008-01-10T16:00:00.000Z");
  expect(instantOf("2024-05-01 12:00:00.123456+0530")).toBe("2024-05-01T06:30:00.123Z");
  expect(instantOf("2024-05-01T12:00:00")).toBeNull();
  expect(instantOf("2024-02-30T12:00:00Z")).toBeNull();
  expect(instantOf("0000-00-00T00:00:00Z")).toBeNull();
  expect(instantOfUtc("2017-03-22T19:28:02")).toBe("2017-03-22T19:28:02.000Z");
  expect(instantOfSeconds(1_700_000_000)).toBe("2023-11-14T22:13:20.000Z");
  expect(instantOfSeconds(1e300)).toBeNull();
});

test("clock time of a place, also when its clocks change", () => {
  expect(instantIn("2024-07-01T12:00:00", "Europe/Berlin")).toBe("2024-07-01T10:00:00.000Z");
  // Twice: the first. Left out: as the clock would have stood.
  expect(instantIn("2024-10-27T02:30:00", "Europe/Berlin")).toBe("2024-10-27T00:30:00.000Z");
  expect(instantIn("2024-03-31T02:30:00", "Europe/Berlin")).toBe("2024-03-31T01:30:00.000Z");
  expect(instantIn("2024-07-01T12:00:00", "Nowhere/Atlantis")).toBeNull();
});

test("clock time and instant are each other's inverse outside of double hours", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (seconds) => {
      const read = instantIn(clock(seconds * 1_000), "America/New_York");
      expect(clock(Date.parse(read ?? ""))).toBe(clock(seconds * 1_000));
    }),
  );
});

test("money is exact or none", () => {
  expect(minorOf("409.94", "USD")).toBe(40_994);
  expect(minorOf(19.99, "USD")).toBe(1_999);
  expect(minorOf("-0.00", "USD")).toBe(0);
  expect(minorOf("1200", "JPY")).toBe(1_200);
  expect(minorOf("1.2345", "KWD")).toBe(1_235);
  for (const bad of ["1,000.00", "1e3", "abc", ".5", "99999999999999999"]) {
    expect(minorOf(bad, "USD")).toBeNull();
  }
});

test("closed lines always add up, and only what nothing explains is flagged", () => {
  const tip = { sku: "TIP", amountMinor: 300 } as const;
  const fee = { sku: "FEE", amountMinor: 200 } as const;
  expect(closeLines([line(1_000)], 1_000, [tip]).lines).toHaveLength(1);
  expect(closeLines([line(1_000)], 1_300, [fee, tip])).toMatchObject({
    lines: [{ sku: "A" }, { sku: "TIP", amountMinor: 300 }],
    flags: [],
  });
  expect(closeLines([line(1_000)], 1_500, [fee, tip])).toMatchObject({ flags: [] });
  expect(closeLines([line(1_000)], 999, [], 1)).toMatchObject({
    lines: [{}, { sku: "ROUNDING", amountMinor: -1 }],
    flags: [],
  });
  const amount = fc.integer({ min: -1e9, max: 1e9 });
  fc.assert(
    fc.property(
      fc.array(amount),
      amount,
      fc.array(amount, { maxLength: 4 }),
      (own, total, extra) => {
        const perhaps = extra.map((amountMinor) => ({ sku: "FEE", amountMinor }) as const);
        const closed = closeLines(own.map(line), total, perhaps);
        expect(sumMinor(closed.lines)).toBe(total);
        const isTold = closed.lines.some(({ sku }) => sku === "DIFFERENCE");
        expect(closed.flags).toEqual(isTold ? ["lines_differ"] : []);
      },
    ),
  );
});

test("shares round half away from zero", () => {
  expect(shareMinor(5, 1, 2)).toBe(3);
  expect(shareMinor(-5, 1, 2)).toBe(-3);
  expect(shareMinor(100, 1, 3)).toBe(33);
  expect(shareMinor(100, 1.5, 3)).toBe(0);
});

test("a capture that does not hold is refused by the name of its field, and no value (SEC2)", () => {
  const at = "2024-05-01T10:00:00.000Z";
  const capture = { kind: "claim", key: "s3cr3t".repeat(100), at } as const;
  expect(finish({ failure: null }, [capture])).toEqual({
    ok: false,
    reason: { code: "bad_field", field: "key" },
  });
  const lines = [line(Number.MAX_SAFE_INTEGER), line(Number.MAX_SAFE_INTEGER)];
  const sale = { kind: "sale", key: "sale:1", at, currency: "EUR", lines } as const;
  expect(finish({ failure: null }, [sale])).toMatchObject({ reason: { code: "bad_money" } });
});

test("the first thing that is wrong is noted with its path, and no value (SEC2)", () => {
  const notes: Notes = { failure: null };
  const part = new Part({ list: [{ total: "1,5" }], id: {} }, "", notes);
  expect(part.parts("list")[0]!.minor("total", "USD")).toBeUndefined();
  expect(part.id("id")).toBeUndefined();
  expect(notes.failure).toEqual({ code: "bad_money", field: "list.0.total" });
});
