import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureInputSchema } from "@regulars/shared/capture/input";
import { addDirt, BrokenInput, type Invoice, NO_DIRT } from "./invoice.ts";
import { readOnlineRetail } from "./online-retail.ts";
import { openText } from "./read-text.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-retail-"));
});
afterAll(() => rm(folder, { recursive: true }));

const header =
  "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

interface Given {
  readonly invoice?: string;
  readonly quantity?: string;
  readonly at?: string;
  readonly price?: string;
  readonly customer?: string;
}

function line({
  invoice = "536365",
  quantity = "6",
  at = "2010-12-01 08:26:00",
  price = "2.55",
  customer = "17850",
}: Given = {}): string {
  return `${invoice},85123A,"HOLDER, WHITE",${quantity},${at},${price},${customer},United Kingdom\n`;
}

/** All invoices, and the sentence at which reading stopped. */
async function read(content: string): Promise<{ invoices: Invoice[]; broken: string | null }> {
  const path = join(folder, "retail.csv");
  await writeFile(path, content);
  const invoices: Invoice[] = [];
  try {
    for await (const invoice of readOnlineRetail(await openText(path))) invoices.push(invoice);
  } catch (error) {
    if (!(error instanceof BrokenInput)) throw error;
    return { invoices, broken: error.message };
  }
  return { invoices, broken: null };
}

async function one(content: string): Promise<Invoice> {
  const { invoices, broken } = await read(header + content);
  expect(broken).toBeNull();
  expect(invoices).toHaveLength(1);
  return invoices[0]!;
}

describe("an invoice of the file", () => {
  test("is what a till would capture", async () => {
    const { capture, totalMinor, dirt } = await one(line() + line({ price: "3.39" }));
    expect(captureInputSchema.safeParse(capture).success).toBe(true);
    expect(capture).toEqual({
      kind: "sale",
      idempotencyKey: "536365",
      externalId: "536365",
      at: "2010-12-01T08:26:00Z",
      currency: "GBP",
      lines: [
        { sku: "85123A", description: "HOLDER, WHITE", quantity: "6", unitPrice: "2.55" },
        { sku: "85123A", description: "HOLDER, WHITE", quantity: "6", unitPrice: "3.39" },
      ],
      customer: { loyaltyNumber: "17850", country: "United Kingdom" },
    });
    expect(totalMinor).toBe(3564);
    expect(dirt).toEqual(NO_DIRT);
  });

  test("carries the UTC instant of the shop's wall clock, in summer an hour earlier", async () => {
    const { capture } = await one(line({ at: "2011-07-26 10:13:00" }));
    expect(capture.at).toBe("2011-07-26T09:13:00Z");
  });

  test("without CustomerID says nothing about anybody, not even a country", async () => {
    expect((await one(line({ customer: "" }))).capture).not.toHaveProperty("customer");
  });

  test("with C is a return, with A an adjustment, else a sale even with negative quantities", async () => {
    const back = await one(line({ invoice: "C536379", quantity: "-1" }));
    expect(back.capture.kind).toBe("return");
    expect(back.totalMinor).toBe(-255);
    const debt = await one(line({ invoice: "A563186", quantity: "1", price: "-11062.06" }));
    expect(debt.capture).toMatchObject({ kind: "adjustment", reason: "HOLDER, WHITE" });
    expect(debt.totalMinor).toBe(-1106206);
    expect(debt.dirt.adjustments).toBe(1);
    const sale = await one(line({ quantity: "-10", price: "0" }));
    expect(sale.capture.kind).toBe("sale");
    expect(sale.dirt.negativeQuantitySales).toBe(1);
  });

  test("CAP5 adds lines up in pence, each rounded half away from zero", async () => {
    const { totalMinor, dirt } = await one(
      line({ quantity: "1", price: "0.005" }) + line({ quantity: "-1", price: "0.015" }),
    );
    expect(totalMinor).toBe(1 - 2);
    expect(dirt.fractionPrices).toBe(2);
  });

  test("with two timestamps keeps both: the receipt's is the first, a line carries its own", async () => {
    const { capture, dirt } = await one(line() + line({ at: "2010-12-01 08:27:00" }));
    expect(capture.at).toBe("2010-12-01T08:26:00Z");
    expect(capture.lines.map(({ at }) => at)).toEqual([undefined, "2010-12-01T08:27:00Z"]);
    expect(dirt.twoTimestamps).toBe(1);
  });

  test("that comes back a few lines later is one invoice", async () => {
    const { invoices } = await read(
      header + line({ invoice: "1" }) + line({ invoice: "2" }) + line({ invoice: "1" }),
    );
    expect(invoices.map(({ capture }) => [capture.externalId, capture.lines.length])).toEqual([
      ["2", 1],
      ["1", 2],
    ]);
  });

  test("that comes back much later is a further capture, flagged", async () => {
    const between = Array.from({ length: 1_000 }, () => line({ invoice: "2" })).join("");
    const { invoices } = await read(
      header + line({ invoice: "1" }) + between + line({ invoice: "1" }),
    );
    const last = invoices.at(-1)!;
    expect(last.capture).toMatchObject({
      externalId: "1",
      idempotencyKey: "1#2",
      flags: ["split_receipt"],
    });
    expect(last.dirt.splitReceipts).toBe(1);
    expect(invoices[0]!.capture).not.toHaveProperty("flags");
  });
});

describe("broken input is told with its line, and what came before is kept", () => {
  test.each([
    ["too few values", "536366,85123A,HOL", "there are 3 values where the header has 8"],
    ["too many values", `${line().trim()},more\n`, "there are 9 values where the header has 8"],
    ["a quantity that is none", line({ quantity: "six" }), "Quantity is not a number"],
    ["a price that is none", line({ price: "1e3" }), "UnitPrice is not a number"],
    [
      "a day that does not exist",
      line({ at: "2011-02-30 10:00:00" }),
      "InvoiceDate is not a date and time such as 2010-12-01 08:26:00",
    ],
    ["no invoice number", line({ invoice: "" }), "InvoiceNo is not an invoice number"],
    [
      "more money than can be counted",
      line({ quantity: "9".repeat(20) }),
      "Quantity times UnitPrice is more money than can be counted",
    ],
    ["a quote that never ends", `536366,"HOL\n${line()}`, "the quotes do not fit"],
    ["a quote in the middle", `536366,HO"L"DER,x\n${line()}`, "the quotes do not fit"],
  ])("%s", async (_name, broken, sentence) => {
    const before = line({ invoice: "1" }) + line({ invoice: "2" });
    const { invoices, broken: said } = await read(header + before + broken);
    expect(said).toBe(`retail.csv, line 4: ${sentence}`);
    expect(invoices.map(({ capture }) => capture.externalId)).toEqual(["1", "2"]);
  });

  test("SEC2 no value is shown, least of all a customer's number", async () => {
    const { broken } = await read(header + line({ customer: "secret".repeat(20) }));
    expect(broken).toBe("retail.csv, line 2: CustomerID is too long");
  });

  test("the invoice that the broken line cut off is kept with what is known of it, flagged", async () => {
    const { invoices } = await read(
      `${header}${line({ invoice: "1" })}${line()}${line().slice(0, 30)}`,
    );
    expect(invoices.map(({ capture }) => [capture.externalId, capture.flags])).toEqual([
      ["1", undefined],
      ["536365", ["split_receipt"]],
    ]);
  });

  test("a file cut within its last column is noticed; one that only lacks its line end is whole", async () => {
    const whole = header + line({ invoice: "1" }) + line();
    expect((await read(whole.slice(0, -1))).broken).toBeNull();
    const cut = await read(whole.slice(0, -5));
    expect(cut.broken).toBe("retail.csv, line 3: the line is half-written");
    expect(cut.invoices).toHaveLength(1);
  });

  test("a file of another kind, and an empty one", async () => {
    expect((await read("a,b\n1,2\n")).broken).toBe(
      "retail.csv, line 1: the column InvoiceNo is missing",
    );
    expect((await read("")).broken).toBe("retail.csv is empty");
  });
});

const wholeFile = join(
  import.meta.dirname,
  "../../../shared/data/transactions/online_retail.csv.gz",
);

test.skipIf(!existsSync(wholeFile))(
  "the whole file, where the public data is there (../shared/data)",
  { timeout: 120_000 },
  async () => {
    const kinds = { sale: 0, return: 0, adjustment: 0 };
    const customers = new Set<string>();
    let [invoices, anonymous, minor, dirt] = [0, 0, 0, NO_DIRT];
    for await (const invoice of readOnlineRetail(await openText(wholeFile))) {
      invoices++;
      kinds[invoice.capture.kind]++;
      minor += invoice.totalMinor;
      dirt = addDirt(dirt, invoice.dirt);
      if (invoice.capture.customer === undefined) anonymous++;
      else customers.add(JSON.stringify(invoice.capture.customer));
    }
    expect(invoices).toBe(25_900);
    expect(kinds).toEqual({ sale: 22_061, return: 3_836, adjustment: 3 });
    expect(minor).toBe(974_774_793);
    expect(anonymous).toBe(3_710);
    expect(dirt).toEqual({
      ...NO_DIRT,
      adjustments: 3,
      twoTimestamps: 43,
      negativeQuantitySales: 1_336,
      fractionPrices: 4,
    });
  },
);
