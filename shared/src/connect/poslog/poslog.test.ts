import { describe, expect, test } from "vitest";
import { captureOf, logOf, line, sale, total, only, retail, priced, skus } from "./test-log.ts";

const tender = (amount: string) =>
  line(`<Tender TenderType="Cash"><Amount>${amount}</Amount></Tender>`);

describe("what a transaction is", () => {
  const some = line(sale("A", "5.00")) + total("5.00");
  test.each([
    [
      "training",
      logOf(`<RetailTransaction>${some}</RetailTransaction>`, "", 'TrainingModeFlag="true"'),
    ],
    ["cancelled", logOf(`<RetailTransaction>${some}</RetailTransaction>`, "", 'CancelFlag="1"')],
    ["suspended", retail(some, 'TransactionStatus="Suspended"')],
    ["voided", retail(some, 'TransactionStatus="Voided"')],
    ["voided", retail(some, 'TransactionStatus="PostVoided"')],
    ["control", logOf("<ControlTransaction/>")],
    ["tender_control", logOf("<TenderControlTransaction><TillSettle/></TenderControlTransaction>")],
    ["empty", retail(" ")],
    ["other", logOf("<CustomerOrderTransaction><A/></CustomerOrderTransaction>")],
  ])("%s is no sale, and named", (skipped, xml) => {
    expect(only(xml)).toEqual({ key: "poslog:9/3/2026-06-01/7", skipped });
  });

  test.each([
    logOf(
      "<PostVoidTransaction><TransactionLink><SequenceNumber>5</SequenceNumber></TransactionLink></PostVoidTransaction>",
    ),
    retail(
      '<TransactionLink ReasonCode="PostVoid"><SequenceNumber>5</SequenceNumber></TransactionLink>',
    ),
  ])("a post-void takes back the transaction that it links to", (xml) => {
    expect(captureOf(only(xml))).toMatchObject({
      kind: "void",
      key: "poslog:9/3/2026-06-01/7",
      voids: "9/3/2026-06-01/5",
    });
  });

  test("a void and the sale that it takes back call it by one number", () => {
    const sold = captureOf(only(retail(some).replace("<SequenceNumber>7<", "<SequenceNumber>5<")));
    expect(sold).toMatchObject({ kind: "sale", externalId: "9/3/2026-06-01/5" });
  });

  test("goods that come back are negative, whatever sign the till gave them, and name their receipt", () => {
    const link = "<TransactionLink><SequenceNumber>4</SequenceNumber></TransactionLink>";
    for (const amount of ["5.00", "-5.00"]) {
      const back = line(sale("A", amount, link, "Return")) + total("-5.00");
      expect(captureOf(only(retail(back)))).toMatchObject({
        kind: "return",
        original: "9/3/2026-06-01/4",
        lines: [{ sku: "A", quantity: "-1", amountMinor: -500 }],
      });
    }
  });

  test("CAP5: a return whose till writes no signs is money back all the same", () => {
    const back = line(sale("A", "5.00", "", "Return"));
    const tax = line("<Tax><Amount>0.50</Amount></Tax>");
    for (const xml of [
      back + tax + tender("5.50") + total("5.50"),
      back + tax + tender("-5.50") + total("-5.50"),
      back + tax + tender("5.50"),
    ]) {
      const capture = captureOf(only(retail(xml)));
      expect(capture).toMatchObject({ kind: "return", tenders: [{ amountMinor: -550 }] });
      expect(skus(retail(xml))).toEqual([-550, "A,TAX", []]);
    }
  });

  test("an exchange is one receipt: a sale, unless money goes back", () => {
    const exchange = line(sale("A", "5.00", "", "Return")) + line(sale("B", "8.00"));
    expect(captureOf(only(retail(exchange + total("3.00")))).kind).toBe("sale");
    const other = line(sale("A", "9.00", "", "Return")) + line(sale("B", "8.00"));
    expect(captureOf(only(retail(other + total("-1.00")))).kind).toBe("return");
  });

  test("a place that is no store, and a field that is missing, fail by name and without a value", () => {
    const odd = only(retail(some).replace(">9<", ">Main St!<"));
    expect(odd).toMatchObject({ failed: { code: "unknown_store", field: "RetailStoreID" } });
    const lost = only(retail(some).replace("<WorkstationID>3</WorkstationID>", ""));
    expect(lost).toMatchObject({ key: null, failed: { field: "WorkstationID" } });
  });
});

describe("CAP5: lines add up to the total", () => {
  const taxed = line("<Tax><Amount>1.00</Amount></Tax>");
  test.each([
    ["tax on top", "6.00", [600, "A,TAX", []]],
    ["tax within", "5.00", [500, "A", []]],
    ["unexplained", "7.77", [777, "A,TAX,DIFFERENCE", ["lines_differ"]]],
  ])("%s", (_, amount, expected) => {
    expect(skus(retail(line(sale("A", "5.00")) + taxed + total(amount)))).toEqual(expected);
  });

  const modified = line(
    sale(
      "A",
      "5.00",
      "<RetailPriceModifier><Amount Action='Subtract'>0.50</Amount></RetailPriceModifier>",
    ),
  );
  test("modifiers that are taken off already, and those that are not", () => {
    expect(skus(retail(modified + total("5.00")))).toEqual([500, "A", []]);
    expect(skus(retail(modified + total("4.50")))).toEqual([450, "A,DISCOUNT", []]);
  });

  test("discounts, fees and rounding of the whole", () => {
    const whole =
      line(sale("A", "5.02")) +
      line("<Discount><Amount>1.00</Amount></Discount>") +
      line("<Rounding><Amount>-0.02</Amount></Rounding>");
    expect(skus(retail(whole + total("4.00")))).toEqual([400, "A,DISCOUNT,ROUNDING", []]);
  });

  test("without an extended amount it is quantity times price, also of three for two", () => {
    expect(skus(retail(priced("0.425", "2.99")))[0]).toBe(127);
    expect(skus(retail(priced("2", "2.00", "<MultipleQuantity>3</MultipleQuantity>")))[0]).toBe(
      133,
    );
    expect(skus(retail(priced("3", ".50")))[0]).toBe(150);
  });

  test("a tender's change is taken off it", () => {
    const cash = line(
      '<Tender TenderType="Cash"><Amount>10.00</Amount><TenderChange><Amount>5.00</Amount></TenderChange></Tender>',
    );
    expect(captureOf(only(retail(line(sale("A", "5.00")) + cash)))).toMatchObject({
      tenders: [{ type: "cash", amountMinor: 500 }],
    });
  });

  test("an amount that is no decimal fails, and its value is in no word of it", () => {
    const read = only(retail(line(sale("A", "5,00 secret"))));
    expect(read).toMatchObject({ failed: { code: "bad_money", field: "ExtendedAmount" } });
    expect(JSON.stringify(read)).not.toContain("secret");
  });
});
