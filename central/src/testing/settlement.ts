/** Processors' files for tests: on the disk, as they come. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "@regulars/shared/digest";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import { importFile, type ImportRequest } from "../reconcile/settlement/import-file.ts";
import type { SettlementMapping } from "../reconcile/settlement/mapping.ts";
import { readSample } from "../reconcile/settlement/read-csv.ts";
import { readStoreZones } from "../reconcile/settlement/stores.ts";

export const STRIPE_FILE = `automatic_payout_id,automatic_payout_effective_at,balance_transaction_id,created_utc,created,available_on_utc,currency,gross,fee,net,reporting_category,source_id,description,charge_id,payment_intent_id,payment_metadata[store]
po_1,2026-11-23 00:00:00,txn_1,2026-11-20 23:30:00,2026-11-20 23:30:00,2026-11-23 00:00:00,gbp,34.95,0.77,34.18,charge,ch_1,,ch_1,pi_1,store-1
po_1,2026-11-23 00:00:00,txn_2,2026-11-20 10:00:00,2026-11-20 10:00:00,2026-11-23 00:00:00,gbp,-12.00,0.00,-12.00,refund,re_1,,ch_0,pi_0,store-1
po_1,2026-11-23 00:00:00,txn_3,2026-11-20 11:15:00,2026-11-20 11:15:00,2026-11-23 00:00:00,gbp,"1,204.50",17.11,1187.39,charge,ch_2,,ch_2,pi_2,store-2
po_1,2026-11-23 00:00:00,txn_4,2026-11-23 00:00:00,2026-11-23 00:00:00,2026-11-23 00:00:00,gbp,-1209.57,0.00,-1209.57,payout,po_1,STRIPE PAYOUT,,,
`;

export const SQUARE_FILE = `Date,Time,Time Zone,Gross Sales,Discounts,Service Charges,Net Sales,Gift Card Sales,Tax,Tip,Partial Refunds,Total Collected,Source,Card,Card Entry Methods,Cash,Square Gift Card,Other Tender,Other Tender Type,Other Tender Note,Fees,Net Total,Transaction ID,Payment ID,Card Brand,PAN Suffix,Device Name,Staff Name,Staff ID,Details,Description,Event Type,Location,Dining Option,Customer ID,Customer Name,Customer Reference ID,Device Nickname,Third Party Fees,Deposit ID,Deposit Date,Deposit Details,Fee Percentage Rate,Fee Fixed Rate,Refund Reason,Discount Name,Transaction Status,Cash App,Order Reference ID,Fulfillment Note
11/20/2026,2:30:00 PM,London,£60.00,£0.00,£0.00,£60.00,£0.00,£0.00,£10.00,£0.00,£70.00,Point of Sale,£70.00,Tapped,£0.00,£0.00,£0.00,,,-£1.85,£68.15,TX900,PM900,Visa,1234,iPad,,,,Tea,Payment,High Street,,,,,,,DEP1,11/23/2026,,,,,,Complete,,,
11/20/2026,3:10:00 PM,London,£20.00,£0.00,£0.00,£20.00,£0.00,£0.00,£0.00,£0.00,£20.00,Point of Sale,£0.00,,£20.00,£0.00,£0.00,,,£0.00,£20.00,TX901,PM901,,,iPad,,,,Tea,Payment,High Street,,,,,,,,,,,,,,Complete,,,
11/20/2026,3:30:00 PM,London,-£10.00,£0.00,£0.00,-£10.00,£0.00,£0.00,£0.00,£0.00,-£10.00,Point of Sale,-£10.00,Keyed,£0.00,£0.00,£0.00,,,£0.00,-£10.00,TX902,PM902,Visa,1234,iPad,,,,Tea,Refund,High Street,,,,,,,DEP1,11/23/2026,,,,,,Complete,,,
`;

/** A store is known by its tills. */
export const storeStatement = (
  store: string,
  zone: string | null = "Europe/London",
): Statement => ({
  sql: `insert into writer (source, epoch, store, zone, journaled, head_hash, golden, published, last_seen_ms)
    values (?, 1, ?, ?, 0, '', 0, 0, 0)`,
  args: [`till-of-${store}`, store, zone],
});

/** Takes a text in by a mapping, as somebody who has confirmed it. */
export async function importText(
  storage: Storage,
  folder: string,
  text: string,
  mapping: (header: readonly string[]) => SettlementMapping,
  more: Partial<ImportRequest> = {},
) {
  const path = join(folder, `${sha256Hex(text).slice(0, 12)}.csv`);
  await writeFile(path, text);
  const { header } = await readSample(path, "utf-8");
  return importFile(storage, {
    file: { path, encoding: "utf-8" },
    header,
    mapping: mapping(header),
    zones: await readStoreZones(storage),
    today: "2026-11-26",
    pause: () => Promise.resolve(),
    sha256: sha256Hex(text),
    name: "file.csv",
    by: "p-ada",
    nowMs: 1_000,
    ...more,
  });
}

export const PLAIN_MAPPING: SettlementMapping = {
  version: 1,
  shape: "csv",
  delimiter: ",",
  columns: {
    amount: "amount",
    reference: "reference",
    date: "date",
    batch: "batch",
    store: "store",
  },
  decimalMark: ".",
  dateOrder: "ymd",
  zone: "store",
  dayFromHour: 0,
  currency: "GBP",
  stores: {},
  feeSign: "positive",
};
