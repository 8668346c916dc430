/** What is planted in the middle of a shift. */
import { cash, expect, type Making, receiptOf, sell } from "./making.ts";
import type { Plant } from "./plants.ts";
import { changeRow, forkRow, loseRows, plantCard, plantLine } from "./tampering.ts";
import type { Till } from "./till.ts";

/** True where the terminal's clock is off from here on. */
export function plantInShift(making: Making, till: Till, atMs: number, plant: Plant): boolean {
  const { name, amountMinor } = plant;
  const { random } = making.state;
  const totalMinor = random.int(1_000, 20_000);
  const plain = () => sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor) });
  switch (name) {
    case "gap":
      loseRows(
        making,
        plant,
        Array.from({ length: random.int(1, 3) }, () => plain().item),
      );
      return false;
    case "duplicate_receipt": {
      const first = plain();
      const { item } = sell(making, till, atMs, {
        totalMinor: totalMinor + 1,
        tenders: cash(totalMinor + 1),
        receipt: receiptOf(first),
      });
      expect(making, name, "duplicate", item, totalMinor + 1);
      return false;
    }
    case "duplicate_external": {
      const more = { externalId: `twice-${till.nextReceipt()}` };
      sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
      const { item } = sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), more });
      expect(making, name, "duplicate", item, totalMinor);
      return false;
    }
    case "duplicate_resealed": {
      const resealed = { epoch: 7, seq: random.int(1, 900) };
      sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor), resealed });
      const { item } = sell(making, till, atMs, {
        totalMinor,
        tenders: cash(totalMinor),
        resealed,
      });
      expect(making, name, "duplicate", item, totalMinor);
      return false;
    }
    case "chain_content":
      changeRow(making, plant, plain().item, false);
      return false;
    case "chain_predecessor":
      changeRow(making, plant, plain().item, true);
      return false;
    case "fork":
      forkRow(making, plant, plain().item, totalMinor);
      return false;
    case "tenders_flagged":
    case "tenders_unflagged": {
      const flags = name === "tenders_flagged" ? ["tenders_differ"] : [];
      const { item } = sell(making, till, atMs, {
        totalMinor,
        tenders: cash(totalMinor - amountMinor),
        flags,
      });
      expect(making, name, "tenders_differ", item, -amountMinor);
      return false;
    }
    case "card_unsettled":
    case "settled_differs":
      plantCard(making, plant, till, atMs, totalMinor);
      return false;
    case "settled_unknown":
      plantLine(making, plant, till);
      return false;
    case "clock":
      expect(making, name, "clock_drift", plain().item, null);
      return true;
    case "return_exceeds":
    case "return_twice":
      plantReturn(making, plant, till, atMs, totalMinor);
      return false;
    case "loyalty": {
      const tenders = [{ type: "loyalty", amountMinor }, ...cash(totalMinor - amountMinor)];
      expect(
        making,
        name,
        "loyalty_differs",
        sell(making, till, atMs, { totalMinor, tenders }).item,
        amountMinor,
      );
      return false;
    }
    case "unreadable": {
      const captured = till.capture({
        kind: "hologram",
        body: { shown: true },
        atMs,
        businessDay: making.businessDay,
      });
      making.items.push(captured.item);
      const of = making.state.sums.get(making.businessDay);
      if (of) of.events += 1;
      expect(making, name, "unreadable", captured.item, null);
      return false;
    }
    case "aside": {
      const { item } = plain();
      making.items[making.items.length - 1] = { ...item, quarantined: "unusable" };
      const expected = expect(making, name, "unreadable", item, totalMinor);
      making.repairs.push({ expected, statements: [], items: [item] });
      return false;
    }
    default:
      plain();
      return false;
  }
}

/** More than was paid for it at once, or bit by bit. */
function plantReturn(
  making: Making,
  { name, amountMinor }: Plant,
  till: Till,
  atMs: number,
  totalMinor: number,
): void {
  const receipt = receiptOf(sell(making, till, atMs, { totalMinor, tenders: cash(totalMinor) }));
  const bring = (backMinor: number) =>
    sell(making, till, atMs, {
      kind: "return",
      totalMinor: -backMinor,
      tenders: cash(-backMinor),
      more: { original: receipt },
    });
  if (name === "return_exceeds") {
    expect(making, name, "return_exceeds", bring(totalMinor + amountMinor).item, amountMinor);
    return;
  }
  bring(totalMinor - 100);
  expect(making, name, "return_exceeds", bring(100 + amountMinor).item, amountMinor);
}
