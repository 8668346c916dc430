/** Tables as shops export them. */
import { describe, expect, test } from "vitest";
import { sumMinor } from "../read/lines.ts";
import { guessMapping } from "./guess.ts";
import { createCsvMapper } from "./map.ts";
import { type CsvMapping, csvMappingSchema, unknownColumns } from "./mapping.ts";

const account = {
  id: "files",
  realm: "shop",
  zone: "Europe/London",
  country: "GB",
  currency: "GBP",
  rules: {},
};
const context = { account, asOf: "2026-06-01T00:00:00.000Z", today: "2026-06-01" };

function salesOf(table: string, change: Partial<CsvMapping> = {}) {
  const [header = [], ...cells] = table.split("\n").map((row) => row.split(","));
  const rows = cells.map((each, at) => ({ line: at + 2, cells: each }));
  const sample = {
    encoding: "utf-8",
    isEncodingGuessed: false,
    delimiter: ",",
    header,
    rows,
  } as const;
  const mapping = csvMappingSchema.parse({ ...guessMapping(sample, "GB").mapping, ...change });
  expect(unknownColumns(mapping, header)).toEqual([]);
  const mapper = createCsvMapper(mapping, header, context);
  const groups = Map.groupBy(rows, (row) => mapper.groupOf(row) ?? "");
  return [...groups.values()].map((group) => {
    const outcome = mapper.map(group, 1, false);
    if (!("capture" in outcome)) return Object.values(outcome)[0] as unknown;
    const { capture } = outcome;
    return "lines" in capture
      ? [capture.kind, capture.lines.map(({ sku }) => sku).join(), sumMinor(capture.lines)]
      : capture.kind;
  });
}

describe("CAP5: what shops export counts for what was paid", () => {
  const shopify =
    "Name,Email,Financial Status,Currency,Shipping,Total,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Refunded Amount\n" +
    "#1,a@example.com,paid,GBP,5.00,33.00,2.00,2026-03-01 10:00:00 +0000,1,Tee,20.00,T,0.00\n" +
    "#1,a@example.com,,,,,,,2,Cap,5.00,C,\n" +
    "#2,b@example.com,voided,GBP,0.00,20.00,0.00,2026-03-02 10:00:00 +0000,1,Tee,20.00,T,0.00\n" +
    "#2,b@example.com,,,,,,,1,Cap,5.00,C,\n" +
    "#3,c@example.com,partially_refunded,GBP,0.00,20.00,0.00,2026-03-02 10:00:00 +0000,1,Tee,20.00,T,5.00";

  test("orders over several rows: those that are paid, less what was paid back", () => {
    expect(salesOf(shopify)).toEqual([
      ["sale", "T,C,SHIPPING,DISCOUNT", 3_300],
      "ignored",
      ["sale", "T,REFUND", 1_500],
    ]);
  });

  test("lines among rows that are none", () => {
    const table =
      "Receipt,Date,Line Type,Sku,Quantity,Price,Customer ID\n" +
      "7,2026-03-01 10:00,Sale,,3,,C1\n" +
      "7,2026-03-01 10:00,Sale Line,A,2,3.00,\n" +
      "7,2026-03-01 10:00,Payment,Cash,,6.00,";
    const only = { column: "Line Type", values: ["sale line"] };
    expect(salesOf(table, { only })).toEqual([["sale", "A", 600]]);
  });

  test("a discount of what comes back is not paid back", () => {
    const columns = { receipt: "Id", at: "Date", sku: "Sku", amount: "Gross", discount: "Off" };
    const table = "Id,Date,Sku,Gross,Off\n1,2026-03-01,A,10.00,-1.00\n2,2026-03-02,A,-10.00,1.00";
    expect(salesOf(table, { what: "sales", columns })).toEqual([
      ["sale", "A,DISCOUNT", 900],
      ["return", "A,DISCOUNT", -900],
    ]);
  });

  test("a return by its number is money back, whatever sign its amounts have", () => {
    const table =
      "Receipt,Date,Sku,Quantity,Price\nR1,2026-03-01,A,2,5.00\nR2,2026-03-01,A,-2,5.00";
    expect(salesOf(table, { returnPrefix: "R" })).toEqual([
      ["return", "A", -1_000],
      ["return", "A", -1_000],
    ]);
  });
});
