import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { connectCaptureSchema, type ConnectCapture } from "../captures.ts";
import { wordsOf } from "../failure.ts";
import type { MapAccount } from "../mapper.ts";
import { mapPoslog, readPoslog } from "./poslog.ts";
import type { Outcome } from "./transaction.ts";

const account: MapAccount = {
  id: "pos-import",
  realm: "pos",
  zone: "America/Los_Angeles",
  country: "US",
  currency: "USD",
  locations: { "9": "seattle-9" },
  rules: {},
};
const bytesOf = (text: string) => new TextEncoder().encode(text);

function outcomesOf(bytes: Uint8Array, of = account): readonly Outcome[] {
  const read = readPoslog(bytes, of);
  if (!read.ok) throw new Error(wordsOf(read.reason));
  return read.value;
}

const captureOf = (outcome: Outcome | undefined): ConnectCapture => {
  if (outcome === undefined || !("capture" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.capture;
};

const sumOf = (capture: ConnectCapture): number =>
  "lines" in capture
    ? capture.lines.reduce((sum, { amountMinor = Number.NaN }) => sum + amountMinor, 0)
    : 0;

/** One transaction; `inner` stands for its kind. */
const logOf = (inner: string, head = "", attributes = "") =>
  `<POSLog><Transaction ${attributes}><RetailStoreID>9</RetailStoreID><WorkstationID>3</WorkstationID>` +
  `<SequenceNumber>7</SequenceNumber><BusinessDayDate>2026-06-01</BusinessDayDate>` +
  `<EndDateTime>2026-06-01T10:00:00</EndDateTime><CurrencyCode>USD</CurrencyCode>${head}${inner}</Transaction></POSLog>`;
const line = (inner: string, attributes = "") => `<LineItem ${attributes}>${inner}</LineItem>`;
const sale = (sku: string, amount: string, more = "", name = "Sale") =>
  `<${name}><ItemID>${sku}</ItemID><Quantity>1</Quantity><ExtendedAmount>${amount}</ExtendedAmount>${more}</${name}>`;
const total = (amount: string) => `<Total TotalType="TransactionGrandAmount">${amount}</Total>`;
const only = (xml: string) => outcomesOf(bytesOf(xml))[0];
const retail = (inner: string, attributes = "") =>
  logOf(`<RetailTransaction ${attributes}>${inner}</RetailTransaction>`);

const folder = new URL("../../../../../shared/data/payloads/poslog/", import.meta.url);
const isThere = existsSync(folder);
const fileOf = (name: string) => {
  const bytes = readFileSync(new URL(name, folder));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};

describe.skipIf(!isThere)("the logs of a grocery lane", () => {
  test.each(["ncr_acs_small.xml", "ncr_acs_full.xml.gz"])(
    "%s: every transaction is told, and the money is the log's own to the cent",
    (name) => {
      const bytes = fileOf(name);
      const text = bytes.toString("utf8");
      const outcomes = outcomesOf(bytes);
      const pieces = text.split("<Transaction>").slice(1);
      expect(outcomes).toHaveLength(pieces.length);
      let dollars = 0;
      for (const [at, piece] of pieces.entries()) {
        const outcome = outcomes[at];
        const grand = /TransactionGrandAmount">([\d.-]+)</.exec(piece)?.[1];
        if (grand === undefined) {
          expect(outcome).toMatchObject({ skipped: "control" });
          continue;
        }
        const capture = captureOf(outcome);
        const cents = Math.round(Number(grand) * 100);
        dollars += cents;
        expect(sumOf(capture)).toBe(cents);
        expect(capture.flags).toBeUndefined();
        expect("lines" in capture && capture.lines.some(({ sku }) => sku === "DIFFERENCE")).toBe(
          false,
        );
        const paid = "tenders" in capture ? (capture.tenders ?? []) : [];
        expect(paid.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(cents);
        expect(connectCaptureSchema.safeParse(capture).success).toBe(true);
      }
      expect(dollars).toBe(
        outcomes
          .flatMap((each) => ("capture" in each ? [sumOf(each.capture)] : []))
          .reduce((a, b) => a + b, 0),
      );
    },
  );

  test("a sale has its till's key, day, staff and card, and a void line is gone with the line it voids", () => {
    const [, sold] = outcomesOf(fileOf("ncr_acs_small.xml"));
    expect(captureOf(sold)).toMatchObject({
      kind: "sale",
      key: "poslog:9/34/2017-09-30/161",
      externalId: "9/34/2017-09-30/161",
      at: "2017-10-01T09:02:54.000Z",
      businessDay: "2017-09-30",
      store: "seattle-9",
      staff: "94",
      customer: { loyaltyNumber: "0000000000000040000066677" },
      lines: [
        { sku: "00000000067591", quantity: "0.42", unitPrice: "2.99", amountMinor: 126 },
        { sku: "DISCOUNT", amountMinor: -19 },
      ],
      tenders: [{ type: "card", amountMinor: 107 }],
    });
    const all = outcomesOf(fileOf("ncr_acs_full.xml.gz"));
    const voided = captureOf(all.find(({ key }) => key?.endsWith("/376")));
    expect("lines" in voided && voided.lines.some(({ quantity }) => quantity.startsWith("-"))).toBe(
      false,
    );
  });

  test("SEC2: no name of staff, no birth date and no card authorisation is read", () => {
    const text = JSON.stringify(outcomesOf(fileOf("ncr_acs_full.xml.gz")));
    expect(text).not.toMatch(/Danielle|Isaiah|1980-01-01|1988-11-11|361753/);
  });

  test("a log that is cut off anywhere is refused as a whole, and never throws", () => {
    const bytes = fileOf("ncr_acs_small.xml");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 2 }), (end) => {
        const read = readPoslog(bytes.subarray(0, end), account);
        expect(read.ok).toBe(false);
      }),
    );
  });
});

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
  const skus = (xml: string) => {
    const capture = captureOf(only(xml));
    if (!("lines" in capture)) throw new Error("no receipt");
    return [sumOf(capture), capture.lines.map(({ sku }) => sku).join(), capture.flags ?? []];
  };
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
    const priced = (quantity: string, price: string, per = "") =>
      line(
        `<Sale><ItemID>A</ItemID><Quantity>${quantity}</Quantity><RegularSalesUnitPrice>${price}</RegularSalesUnitPrice>${per}</Sale>`,
      );
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

describe("hostile and odd documents", () => {
  test.each([
    ['<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><POSLog>&e;</POSLog>'],
    ['<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><POSLog>&b;</POSLog>'],
    [`${"<a>".repeat(200)}${"</a>".repeat(200)}`],
    ["<POSLog><__proto__>1</__proto__></POSLog>"],
    ["<POSLog/><POSLog/>"],
    [""],
    ["not xml"],
  ])("SEC: %# is refused as no XML", (xml) => {
    expect(readPoslog(bytesOf(xml), account)).toMatchObject({
      ok: false,
      reason: { code: "not_xml" },
    });
  });

  test("another document than a POSLog is told", () => {
    expect(readPoslog(bytesOf("<orders><order/></orders>"), account)).toMatchObject({
      reason: { code: "unknown_topic" },
    });
  });

  const umlaut = retail(
    line(sale("A", "5.00", "<Description>Käse &#233;</Description>")) + total("5.00"),
  );
  const utf16 = (text: string, isBig: boolean) => {
    const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
    return isBig ? bytes.swap16() : bytes;
  };
  test.each([
    ["UTF-8", bytesOf(umlaut)],
    ["UTF-8 with a mark", bytesOf(`\ufeff${umlaut}`)],
    ["UTF-16 little", utf16(umlaut, false)],
    ["UTF-16 big", utf16(umlaut, true)],
    ["Latin-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${umlaut}`, "latin1")],
  ])("%s is read by its mark or declaration", (_, bytes) => {
    expect(captureOf(outcomesOf(bytes)[0])).toMatchObject({ lines: [{ description: "Käse é" }] });
  });

  test("Latin-1 that calls itself UTF-8 is refused, and so is an encoding that is not read", () => {
    const bad = [
      Buffer.from(umlaut, "latin1"),
      bytesOf(`<?xml version="1.0" encoding="EBCDIC-XX"?>${umlaut}`),
    ];
    for (const bytes of bad) {
      expect(readPoslog(bytes, account)).toMatchObject({ reason: { code: "not_utf8" } });
    }
  });

  test("prefixes are of no matter", () => {
    const prefixed = umlaut.replaceAll(/<(\/?)([A-Z])/g, "<$1p:$2");
    expect(outcomesOf(bytesOf(prefixed))).toEqual(outcomesOf(bytesOf(umlaut)));
  });

  test("random bytes and mangled logs never throw, and failures hold none of their text", () => {
    const mangled = fc
      .tuple(fc.nat(umlaut.length), fc.string({ maxLength: 12 }), fc.nat(20))
      .map(([at, text, cut]) => bytesOf(umlaut.slice(0, at) + text + umlaut.slice(at + cut)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mangled), (body) => {
        const read = readPoslog(body, account);
        const failures = read.ok
          ? read.value.flatMap((each) => ("failed" in each ? [each.failed] : []))
          : [read.reason];
        for (const failure of failures) expect(wordsOf(failure)).toMatch(/^[\w .,:;'()-]+$/);
        const sent = { topic: "poslog", body, headers: {}, receivedAtMs: 0 };
        expect(typeof mapPoslog(sent, account).ok).toBe("boolean");
      }),
      { numRuns: 500 },
    );
  });
});
