import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalToMinor, formatMinor, addDecimals, lineAmountMinor, minorDigits } from "./money.ts";

describe("CAP5: a line is quantity × unit price, rounded half away from zero", () => {
  test.each([
    ["3", "0.1", "GBP", 30],
    ["6", "2.55", "GBP", 1530],
    ["-12", "0.42", "GBP", -504],
    // Three decimals, as four prices of the retailer whose journal we replay have.
    ["1", "0.001", "GBP", 0],
    ["1", "0.005", "GBP", 1],
    ["-1", "0.005", "GBP", -1],
    ["1", "-0.005", "GBP", -1],
    ["-1", "-0.005", "GBP", 1],
    ["1", "0.00499999999999", "GBP", 0],
    ["1", "1.005", "GBP", 101],
    ["100", "1.005", "GBP", 10050],
    ["0.125", "2", "EUR", 25],
    ["0.333", "2.99", "EUR", 100],
    ["1", "0.5", "JPY", 1],
    ["-3", "0.5", "JPY", -2],
    ["2", "1250", "JPY", 2500],
    ["1.5", "1.001", "KWD", 1502],
    ["0", "9.99", "GBP", 0],
    ["-0", "9.99", "GBP", 0],
    ["0.00", "-0.00", "GBP", 0],
  ])("%s × %s %s = %i", (quantity, price, currency, value) => {
    const amount = lineAmountMinor(quantity, price, currency);
    expect(amount).toEqual({ ok: true, value });
    expect(amount.ok && Object.is(amount.value, -0)).toBe(false);
  });

  const decimal = fc
    .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 7n), fc.nat(6), fc.bigInt(0n, 999_999n))
    .map(([negative, whole, places, fraction]) => {
      const digits = fraction.toString().padStart(6, "0").slice(0, places);
      return `${negative ? "-" : ""}${whole}${digits && `.${digits}`}`;
    });

  test("for any two decimals, by a slow count in millionths", () => {
    fc.assert(
      fc.property(decimal, decimal, fc.constantFrom("GBP", "JPY", "KWD"), (q, p, currency) => {
        const value = oracle(q, p, minorDigits(currency));
        const expected =
          value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER)
            ? { ok: true, value: Number(value) }
            : { ok: false, reason: "out_of_range" };
        expect(lineAmountMinor(q, p, currency)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("a sum that a number cannot hold exactly is refused, not rounded", () => {
    expect(lineAmountMinor("9007199254740991", "0.01", "GBP")).toEqual({
      ok: true,
      value: Number.MAX_SAFE_INTEGER,
    });
    const tooLarge = { ok: false, reason: "out_of_range" };
    expect(lineAmountMinor("9007199254740992", "0.01", "GBP")).toEqual(tooLarge);
    expect(lineAmountMinor("-9007199254740992", "0.01", "GBP")).toEqual(tooLarge);
  });

  test.each(["", " 1", "1,5", "1e3", "+1", ".5", "1.", "0x10", "١", "NaN", "1\n", "9".repeat(31)])(
    "%j is not a decimal",
    (text) => {
      expect(lineAmountMinor(text, "1", "GBP")).toEqual({ ok: false, reason: "not_decimal" });
      expect(lineAmountMinor("1", text, "GBP")).toEqual({ ok: false, reason: "not_decimal" });
      expect(decimalToMinor(text, "GBP")).toEqual({ ok: false, reason: "not_decimal" });
    },
  );
});

test("CAP5: decimal text becomes minor units of its currency", () => {
  expect(decimalToMinor("12.5", "GBP")).toEqual({ ok: true, value: 1250 });
  expect(decimalToMinor("12.5", "JPY")).toEqual({ ok: true, value: 13 });
  expect(decimalToMinor("-12.5", "JPY")).toEqual({ ok: true, value: -13 });
  expect(decimalToMinor("1.2345", "BHD")).toEqual({ ok: true, value: 1235 });
});

test("CAP5: what is shown has the digits of the currency, and says what is stored", () => {
  expect(formatMinor(-123_456, "GBP")).toBe("-£1,234.56");
  expect(formatMinor(1234, "JPY")).toBe("¥1,234");
  expect(formatMinor(1234, "KWD").replace(/\s/, " ")).toBe("KWD 1.234");
  // CLDR, from which Intl takes its digits, hides what ISO 4217 gives these.
  expect(formatMinor(1234, "RSD").replace(/\s/, " ")).toBe("RSD 12.34");
  expect(formatMinor(1234, "IQD").replace(/\s/, " ")).toBe("IQD 1.234");
});

/** Shares no code with what it checks: counts in units of 10⁻¹² and walks to the nearest minor unit. */
function oracle(quantity: string, price: string, digits: number): bigint {
  const product = millionths(quantity) * millionths(price);
  const unit = 10n ** BigInt(12 - digits);
  const size = product < 0n ? -product : product;
  const rest = size % unit;
  const rounded = (size - rest) / unit + (rest * 2n >= unit ? 1n : 0n);
  return product < 0n ? -rounded : rounded;
}

function millionths(text: string): bigint {
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)\.?(\d*)$/.exec(text) ?? [];
  const size = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
  return sign === "" ? size : -size;
}

/** Hundredths as decimal text. */
const textOf = (n: bigint): string =>
  `${n < 0n ? "-" : ""}${`${n < 0n ? -n : n}`.padStart(3, "0").replace(/(..)$/, ".$1")}`;

test("decimals are added exactly, or not at all", () => {
  expect(addDecimals("0.1", "0.2")).toBe("0.3");
  expect(addDecimals("1", "-0.75")).toBe("0.25");
  expect(addDecimals("-2", "0.5")).toBe("-1.5");
  expect(addDecimals("1.5", "-1.5")).toBe("0.0");
  expect(addDecimals("9".repeat(30), "1")).toBeNull();
  expect(addDecimals("1", "one")).toBeNull();
  const cents = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
  fc.assert(
    fc.property(cents, cents, (a, b) => {
      expect(addDecimals(textOf(a), textOf(b))).toBe(textOf(a + b));
    }),
  );
});
