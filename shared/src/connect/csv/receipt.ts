/** Lines, total, tenders, store and currency of the rows that are one receipt. */
import type { LineInput } from "../../capture/input.ts";
import { lineSchema } from "../../events/line.ts";
import type { Tender } from "../../events/tender.ts";
import { storeIdSchema } from "../../ids.ts";
import { LIMITS } from "../../limits.ts";
import { currencySchema, decimalToMinor, lineAmountMinor } from "../../money.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { type Closed, closeLines, type Extra, extraLines } from "../read/lines.ts";
import { readDecimal } from "./cell.ts";
import type { Env } from "./env.ts";
import type { Meaning } from "./mapping.ts";
import type { CsvRow } from "./row.ts";

const isTooLarge = (decimal: string): boolean => decimal.length > 30;

export function linesOf(
  rows: readonly CsvRow[],
  currency: string,
  at: string,
  env: Env,
): Result<readonly LineInput[], Failure> {
  const lines: LineInput[] = [];
  let discountMinor = 0;
  let taxMinor = 0;
  for (const row of rows) {
    const line = lineOf(row, currency, at, env);
    if (!line.ok) return line;
    lines.push(line.value);
    const discount = minorIn(row, "discount", currency, env);
    if (!discount.ok) return discount;
    // Of goods that come back so much less is paid back.
    const isBack = (line.value.amountMinor ?? 0) < 0;
    discountMinor += (isBack ? 1 : -1) * Math.abs(discount.value ?? 0);
    const tax = minorIn(row, "tax", currency, env);
    if (!tax.ok) return tax;
    taxMinor += tax.value ?? 0;
  }
  const [first] = rows;
  const shipping = first ? minorIn(first, "shipping", currency, env) : ok(null);
  if (!shipping.ok) return shipping;
  lines.push(
    ...extraLines([
      { sku: "SHIPPING", amountMinor: shipping.value ?? 0 },
      { sku: "DISCOUNT", amountMinor: discountMinor },
      { sku: "TAX", amountMinor: taxMinor },
    ]),
  );
  return lines.length > LIMITS.saleLines ? fail(failureOf("too_large", "receipt")) : ok(lines);
}

function lineOf(row: CsvRow, currency: string, at: string, env: Env): Result<LineInput, Failure> {
  const sku = lineSchema.shape.sku.safeParse(env.text(row, "sku") || "ITEM");
  if (!sku.success) return fail(failureOf("bad_field", "sku"));
  const quantity = decimalIn(row, "quantity", env) ?? "1";
  if (quantity === BAD || isTooLarge(quantity)) return fail(failureOf("bad_field", "quantity"));
  const unitPrice = decimalIn(row, "unitPrice", env);
  if (unitPrice === BAD) return fail(failureOf("bad_money", "unitPrice"));
  const stated = minorIn(row, "amount", currency, env);
  if (!stated.ok) return stated;
  const amount =
    stated.value === null ? productOf(quantity, unitPrice, currency) : ok(stated.value);
  if (!amount.ok) return amount;
  const time = env.text(row, "at");
  const lineAt = time === "" ? at : env.momentOf(time);
  if (lineAt === null) return fail(failureOf("bad_time", "at"));
  const description = env.text(row, "description").slice(0, LIMITS.fieldChars);
  return ok({
    sku: sku.data,
    ...(description === "" ? {} : { description }),
    quantity,
    ...(unitPrice === null ? {} : { unitPrice }),
    amountMinor: amount.value,
    ...(lineAt === at ? {} : { at: lineAt }),
  });
}

function productOf(
  quantity: string,
  unitPrice: string | null,
  currency: string,
): Result<number, Failure> {
  if (unitPrice === null) return fail(failureOf("missing_field", "amount"));
  const amount = lineAmountMinor(quantity, unitPrice, currency);
  return amount.ok ? amount : fail(failureOf("bad_money", "unitPrice"));
}

const BAD = "bad";

/** Null where the row says none. */
function decimalIn(row: CsvRow, meaning: Meaning, env: Env): string | null {
  const text = env.text(row, meaning);
  return text === "" ? null : (readDecimal(text, env.mapping.decimalMark) ?? BAD);
}

function minorIn(
  row: CsvRow,
  meaning: Meaning,
  currency: string,
  env: Env,
): Result<number | null, Failure> {
  const decimal = decimalIn(row, meaning, env);
  if (decimal === null) return ok(null);
  const minor = decimal === BAD ? null : decimalToMinor(decimal, currency);
  return minor?.ok ? minor : fail(failureOf("bad_money", meaning));
}

/**
 * What the receipt is said to come to, and the lines do not, is a line of its own. What was paid back since is taken off that.
 */
export function withTotal(
  lines: readonly LineInput[],
  first: CsvRow,
  currency: string,
  env: Env,
): Result<Closed, Failure> {
  const total = minorIn(first, "total", currency, env);
  if (!total.ok) return total;
  const refunded = minorIn(first, "refunded", currency, env);
  if (!refunded.ok) return refunded;
  const back: Extra = { sku: "REFUND", amountMinor: 0 - Math.abs(refunded.value ?? 0) };
  const closed =
    total.value === null ? { lines: [...lines], flags: [] } : closeLines(lines, total.value);
  return ok({ ...closed, lines: [...closed.lines, ...extraLines([back])] });
}

const TENDERS: readonly (readonly [RegExp, Tender["type"]])[] = [
  [/gift|voucher|gutschein|coupon/i, "voucher"],
  [/loyalty|points|punkte/i, "loyalty"],
  [/cash|bar\b|contant|efectivo|esp[eè]ces/i, "cash"],
  [/card|karte|visa|master|amex|debit|credit|carte|tarjeta/i, "card"],
  [/account|invoice|rechnung|konto/i, "account"],
];

/** The whole of it, paid in the way that the first row names. */
export function tendersOf(first: CsvRow, amountMinor: number, env: Env): Tender[] {
  const text = env.text(first, "tender");
  if (text === "") return [];
  const type = TENDERS.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
  return [{ type, amountMinor }];
}

/** Null where the file names no stores. */
export function storeOf(first: CsvRow, env: Env): Result<string | null, Failure> {
  const text = env.text(first, "store");
  if (text === "") return ok(null);
  const { locations = {} } = env.context.account;
  const named = Object.hasOwn(locations, text) ? locations[text] : text.toLowerCase();
  const id = storeIdSchema.safeParse(named);
  return id.success ? ok(id.data) : fail(failureOf("unknown_store", "store"));
}

export function currencyOf(first: CsvRow, env: Env): Result<string, Failure> {
  const text = env.text(first, "currency").toUpperCase();
  const currency = text || env.mapping.currency || env.context.account.currency;
  return currencySchema.safeParse(currency).success
    ? ok(currency)
    : fail(failureOf("bad_field", "currency"));
}
