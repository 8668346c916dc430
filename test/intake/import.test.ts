import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readPoslog } from "@regulars/shared/connect/poslog/poslog";
import { accountOf, eventsOf, itemOf, netOf, newWorld, openIntake, settle } from "./machine.ts";

const file = new URL("../../../shared/data/payloads/poslog/ncr_acs_full.xml.gz", import.meta.url);

const sold = (sequence: number, kind: string) =>
  `<Transaction><RetailStoreID>9</RetailStoreID><WorkstationID>3</WorkstationID><SequenceNumber>${sequence}</SequenceNumber>` +
  `<BusinessDayDate>2026-02-27</BusinessDayDate><EndDateTime>2026-02-27T10:00:00</EndDateTime>${kind}</Transaction>`;
const line =
  "<LineItem><Sale><ItemID>A</ItemID><ExtendedAmount>5.00</ExtendedAmount></Sale></LineItem>";
const link =
  '<TransactionLink ReasonCode="PostVoid"><SequenceNumber>1</SequenceNumber></TransactionLink>';

async function importLog(xml: Uint8Array) {
  const tills = accountOf("tills", { channel: "import", currency: "USD" });
  const world = await newWorld([tills]);
  const intake = await openIntake(world);
  const outcomes = readPoslog(xml, tills);
  if (!outcomes.ok) throw new Error(outcomes.reason.code);
  const items = outcomes.value.flatMap((each) => ("capture" in each ? [itemOf(each.capture)] : []));
  expect(await intake.receive(tills, items)).toMatchObject({ accepted: items.length });
  await settle(world, intake);
  expect(world.errors).toEqual([]);
  return await eventsOf(world);
}

test.skipIf(!existsSync(file))(
  "CAP5: a till's log becomes events that come to the log's own total",
  async () => {
    const xml = gunzipSync(readFileSync(file));
    const grand = [...xml.toString().matchAll(/TransactionGrandAmount">([\d.]+)</g)];
    const cents = grand.reduce((sum, [, text]) => sum + Math.round(Number(text) * 100), 0);
    const events = await importLog(xml);
    expect(events.filter(({ kind }) => kind === "sale")).toHaveLength(42);
    expect(netOf(events)).toBe(cents);
  },
);

test("CAP5: a sale and its post-void come to nothing, whichever the log tells first", async () => {
  const sale = sold(1, `<RetailTransaction>${line}</RetailTransaction>`);
  const undo = sold(2, `<PostVoidTransaction>${link}</PostVoidTransaction>`);
  for (const log of [sale + undo, undo + sale]) {
    const events = await importLog(new TextEncoder().encode(`<POSLog>${log}</POSLog>`));
    expect(events.map(({ kind }) => kind)).toEqual(["sale", "void"]);
    expect(netOf(events)).toBe(0);
  }
});
