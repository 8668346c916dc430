/** Shifts of a day as its page shows them. */
import { expect, test } from "vitest";
import { createShiftTill, inEpochTwo } from "../../testing/shift-till.ts";
import { notableOf } from "./shifts.ts";

test("REC1 a shift that goes on in another epoch of its journal is one, with the Z that it has there", () => {
  const till = createShiftTill("till-1");
  till.open(1, 10_000);
  till.sale(500);
  till.close(1, 10_500);
  const [opened, , count, close] = till.items;
  if (!opened || !count || !close) throw new Error("a shift is four rows");
  const rows = [opened, inEpochTwo(count, 1), inEpochTwo(close, 2)];
  const { shifts } = notableOf(rows.map(({ source, epoch, seq, body }) => ({ source, epoch, seq, body }))); // prettier-ignore
  expect(shifts).toMatchObject([
    { source: "till-1", id: "1/1", number: 1, epoch: 1, openSeq: 1, closeEpoch: 2, closeSeq: 2 },
  ]);
});
