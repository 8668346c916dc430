/** What happens all day, and is nothing to tell of. */
import { recordEvent } from "@regulars/shared/fragment/fragment";
import { openWritten, type WrittenFragment } from "@regulars/shared/fragment/written";
import { clientIdOf } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import { fragmentOf, keyOf } from "../../central/src/testing/till.ts";
import { cash, CURRENCY, expect, type Making, nextDay, receiptOf, sell, take } from "./making.ts";
import type { Plant } from "./plants.ts";
import type { Captured, Till } from "./till.ts";

/** Anything that happens all day, and is nothing to tell of. */
export function sellAny(making: Making, till: Till, atMs: number): void {
  const { random, settles } = making.state;
  const totalMinor = random.int(100, 20_000);
  const draw = random();
  if (draw < 0.45) {
    const more = random.chance(0.2) ? { externalId: `pos-${till.nextReceipt()}` } : {};
    const sold = sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
    making.state.yesterday = { receipt: receiptOf(sold), totalMinor };
  } else if (draw < 0.85) sellByCard(making, till, atMs, totalMinor);
  else if (draw < 0.9) {
    const half = Math.floor(totalMinor / 2);
    sell(making, till, atMs, {
      totalMinor,
      tenders: [...cash(half), { type: "voucher", amountMinor: totalMinor - half }],
    });
  } else if (draw < 0.94) {
    // Part of something sold before comes back.
    const original = making.state.yesterday;
    making.state.yesterday = null;
    const back = original ? -Math.ceil(original.totalMinor / 3) : -500;
    sell(making, till, atMs, {
      kind: "return",
      totalMinor: back,
      tenders: cash(back),
      more: original ? { original: original.receipt } : {},
    });
  } else if (draw < 0.97) {
    const body = {
      action: "paid_out",
      currency: CURRENCY,
      amountMinor: random.int(100, 900),
      reason: "milk",
    };
    take(making, till.capture({ kind: "drawer", body, atMs, businessDay: making.businessDay }));
  } else if (!settles) voidOne(making, till, atMs, totalMinor, null);
  else voidOne(making, till, atMs, totalMinor, random.chance(0.5));
}

function sellByCard(making: Making, till: Till, atMs: number, totalMinor: number): Captured {
  const { random } = making.state;
  const hasReference = random.chance(0.95);
  const reference = `ref-${till.nextReceipt()}`;
  const tender = { type: "card", amountMinor: totalMinor, ...(hasReference ? { reference } : {}) };
  const sold = sell(making, till, atMs, { totalMinor, tenders: [tender] });
  // Now and then the processor's day ends before the store's.
  const businessDay =
    hasReference && random.chance(0.05) ? nextDay(making.businessDay) : making.businessDay;
  making.lines.push({ businessDay, reference, amountMinor: totalMinor });
  return sold;
}

/** Sold and taken back: the processor has heard of both, or of none. */
function voidOne(
  making: Making,
  till: Till,
  atMs: number,
  totalMinor: number,
  isBooked: boolean | null,
): void {
  const reference = `ref-${till.nextReceipt()}`;
  const tenders = [{ type: "card", amountMinor: totalMinor, reference }];
  const sold = sell(making, till, atMs, { totalMinor, tenders });
  const body = {
    receipt: till.nextReceipt(), voids: receiptOf(sold), currency: CURRENCY, totalMinor: -totalMinor,
    tenders: [{ type: "card", amountMinor: -totalMinor }],
  }; // prettier-ignore
  take(making, till.capture({ kind: "void", body, atMs, businessDay: making.businessDay }));
  if (isBooked !== true) return;
  const { businessDay } = making;
  making.lines.push(
    { businessDay, reference, amountMinor: totalMinor },
    { businessDay, reference, amountMinor: -totalMinor },
  );
}

/** A customer of this one day. */
export function sellToSomebody(
  making: Making,
  till: Till,
  index: number,
  sale: number,
  atMs: number,
  plant: Plant | null,
): void {
  const { store, random } = making.state;
  const { customers } = making.state;
  const who =
    customers === undefined ? `${making.businessDay}-${index}-${sale}` : random.int(1, customers);
  const key = keyOf("loyalty", `${store}-${who}`);
  const totalMinor = random.int(100, 9_000);
  const { event, item } = sell(making, till, atMs, {
    totalMinor,
    tenders: cash(totalMinor),
    subject: [key],
  });
  if (customers !== undefined) return;
  const doc: WrittenFragment = openWritten(null, clientIdOf(till.source, item.epoch));
  recordEvent(doc, event, key);
  const fragment = fragmentOf(doc, item.source, item.epoch, key);
  making.fragments.push(fragment);
  if (plant?.name !== "golden" || making.expected.some((each) => each.plant === "golden")) return;
  const expected = expect(making, "golden", "golden_differs", null, plant.amountMinor);
  const set = (minor: number): Statement => ({
    sql: `update customer set activity = json_object('totals', json_object('GBP',
      json_object('sales', 1, 'returns', 0, 'minor', ?))) where id =
      (select customer from source_record where id = ?)`,
    args: [minor, `${till.source}/${item.epoch}/${key}`],
  });
  making.after.push(set(totalMinor + plant.amountMinor));
  making.repairs.push({ expected, statements: [set(totalMinor)] });
}
