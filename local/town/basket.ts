/** What goes over the counter, and how it is paid. */
import type { Faker } from "@faker-js/faker";
import { lineAmountMinor } from "@regulars/shared/money";
import type { LineRequest, ReceiptRequest } from "../system/agent-client.ts";
import { chance } from "./dice.ts";
import type { Good } from "./people.ts";

export const CURRENCY = "GBP";

export interface Basket {
  readonly lines: LineRequest[];
  readonly tenders: NonNullable<ReceiptRequest["tenders"]>;
}

export function fillBasket(dice: Faker, goods: readonly Good[]): Basket {
  const count = dice.helpers.weightedArrayElement([
    { weight: 3, value: 1 },
    { weight: 4, value: 2 },
    { weight: 4, value: 4 },
    { weight: 2, value: 7 },
  ]);
  const lines = dice.helpers.arrayElements(goods, count).map((good) => lineOf(dice, good));
  return { lines, tenders: payFor(dice, lines) };
}

/** One of the articles comes back. */
export function returnFrom(dice: Faker, { lines }: Basket): Basket {
  const line = dice.helpers.arrayElement(lines);
  const back = [{ ...line, quantity: `-${line.quantity}` }];
  return { lines: back, tenders: payFor(dice, back) };
}

function lineOf(dice: Faker, { sku, description, unitPrice, isWeighed }: Good): LineRequest {
  const grams = dice.number.int({ min: 80, max: 2400 });
  const pieces = dice.helpers.weightedArrayElement([
    { weight: 8, value: 1 },
    { weight: 2, value: 2 },
    { weight: 1, value: 6 },
  ]);
  const quantity = isWeighed ? (grams / 1000).toFixed(3) : String(pieces);
  return { sku, description, quantity, unitPrice };
}

function payFor(dice: Faker, lines: readonly LineRequest[]): Basket["tenders"] {
  const totalMinor = lines.reduce((total, { quantity, unitPrice = "0" }) => {
    const amount = lineAmountMinor(quantity, unitPrice, CURRENCY);
    return total + (amount.ok ? amount.value : 0);
  }, 0);
  const voucherMinor = totalMinor > 1_000 && chance(dice, 0.04) ? 500 : 0;
  const type = chance(dice, 0.7) ? "card" : "cash";
  const rest = { type, amountMinor: totalMinor - voucherMinor } as const;
  return voucherMinor === 0 ? [rest] : [{ type: "voucher", amountMinor: voucherMinor }, rest];
}
