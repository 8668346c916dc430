import { describe, expect, test } from "vitest";
import { readCustomer } from "../../capture/read-customer.ts";
import type { CsvContext, CsvOutcome } from "./env.ts";
import { guessMapping, type Sample } from "./guess.ts";
import { createCsvMapper } from "./map.ts";
import { type CsvMapping, csvMappingSchema, gapsIn, unknownColumns } from "./mapping.ts";
import { preview } from "./preview.ts";
import type { CsvRow } from "./row.ts";

const context: CsvContext = {
  account: {
    id: "files",
    realm: "shop",
    zone: "Europe/Berlin",
    country: "DE",
    currency: "EUR",
    locations: { "Filiale Mitte": "berlin-mitte" },
    rules: {},
  },
  asOf: "2026-06-01T00:00:00.000Z",
  today: "2026-06-01",
};

const rowsOf = (table: string): { header: string[]; rows: CsvRow[] } => {
  const [header = [], ...rows] = table.split("\n").map((line) => line.split(";"));
  return { header, rows: rows.map((cells, at) => ({ line: at + 2, cells })) };
};

const sampleOf = (table: string): Sample => ({
  encoding: "utf-8",
  isEncodingGuessed: false,
  delimiter: ";",
  ...rowsOf(table),
});

function mapAll(table: string, change: Partial<CsvMapping> = {}): CsvOutcome[] {
  const sample = sampleOf(table);
  const { mapping } = guessMapping(sample, "DE");
  const mapper = createCsvMapper({ ...mapping, ...change }, sample.header, context);
  const groups = Map.groupBy(sample.rows, (row) => mapper.groupOf(row) ?? String(row.line));
  return [...groups.values()].map((rows) => mapper.map(rows, 1, false));
}

const captureOf = (outcome: CsvOutcome | undefined) => {
  if (outcome === undefined || !("capture" in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.capture;
};

const keys = (text: string) => mapAll(text).map((each) => captureOf(each).key);
const doubtsOf = (table: string) => {
  const sample = sampleOf(table);
  const { mapping } = guessMapping(sample, "DE");
  const seen = preview(sample, mapping, context);
  return [...seen.doubts, ...seen.columns.flatMap(({ doubts }) => doubts)];
};
const sales = (dates: string, price = "1,25") =>
  `Receipt;Date;Price\n${dates
    .split(" ")
    .map((date, at) => `${at};${date};${price}`)
    .join("\n")}`;

describe("customers", () => {
  const table =
    "Kundennummer;Vorname;Nachname;Geburtsdatum;E-Mail;Telefon;Straße;Hausnummer;PLZ;Ort;Newsletter;Lieblingsfarbe\n" +
    "00042;Käthe;Müller;03.04.1980;kaethe@example.com;030 123456;Hauptstr.;5;01067;Dresden;ja;blau\n" +
    "43;;;;;;;;;;nein;";

  test("a row is a claim, and its consent beside it", () => {
    const [first, second] = mapAll(table, { traits: ["Lieblingsfarbe"] });
    expect(captureOf(first)).toMatchObject({
      kind: "claim",
      at: context.asOf,
      customer: {
        userId: "00042",
        givenName: "Käthe",
        familyName: "Müller",
        birthDate: "1980-04-03",
        email: "kaethe@example.com",
        phone: "030 123456",
        address: { line1: "5 Hauptstr.", postalCode: "01067", city: "Dresden" },
        traits: { Lieblingsfarbe: "blau" },
      },
      consents: [{ purpose: "marketing", channel: "email", state: "granted" }],
    });
    expect(captureOf(second)).toMatchObject({ consents: [{ state: "withdrawn" }] });
  });

  test("CAP6: the same row has the same key, and a row that has changed another", () => {
    expect(keys(table)).toEqual(keys(table));
    expect(keys(table.replace("Dresden", "Leipzig"))[0]).not.toBe(keys(table)[0]);
    expect(keys(table.replace("Dresden", "Leipzig"))[1]).toBe(keys(table)[1]);
  });

  test("CAP4: a number that a spreadsheet has rounded is set aside, and is no key", () => {
    const { customer } = captureOf(mapAll("Loyalty Card;Email\n4.00639E+12;a@example.com")[0]);
    const read = readCustomer(customer, undefined, {
      pepper: "pepper-of-the-tests",
      country: "DE",
      today: "2026-06-01",
    });
    expect(read.claims).toEqual({ email: "a@example.com" });
    expect(read.doubtful).toEqual({ loyaltyNumber: '["4.00639E+12"]' });
  });

  test("a row that names nobody is told", () => {
    expect(mapAll("Email;Vorname\n;Anna\n;")).toEqual([
      { failed: { code: "no_identity" } },
      { skipped: "nobody" },
    ]);
  });
});

describe("sales", () => {
  const table =
    "Bon-Nr;Datum;Uhrzeit;Filiale;Artikelnummer;Menge;Einzelpreis;Betrag;Zahlungsart;Kundennummer\n" +
    "1;13.05.2026;10:00;Filiale Mitte;A;2;1,25;2,50;Bar;7\n" +
    "1;13.05.2026;10:00;Filiale Mitte;B;0,425;2,99;1,27;Bar;7\n" +
    "1;13.05.2026;10:00;nord;A;1;1.000,00;1.000,00;Karte;\n" +
    "2;13.05.2026;10:05;nord;A;-1;1,25;-1,25;;";

  test("rows of one number in one store are a receipt", () => {
    const [first, other, back] = mapAll(table).map(captureOf);
    expect(first).toMatchObject({
      kind: "sale",
      key: "csv:sale:Filiale Mitte/1",
      externalId: "1",
      at: "2026-05-13T08:00:00.000Z",
      businessDay: "2026-05-13",
      store: "berlin-mitte",
      currency: "EUR",
      customer: { userId: "7" },
      lines: [
        { sku: "A", quantity: "2", amountMinor: 250 },
        { sku: "B", quantity: "0.425", amountMinor: 127 },
      ],
      tenders: [{ type: "cash", amountMinor: 377 }],
    });
    expect(other).toMatchObject({ key: "csv:sale:nord/1", lines: [{ amountMinor: 100_000 }] });
    expect(other).not.toHaveProperty("customer");
    expect(back).toMatchObject({ kind: "return", lines: [{ quantity: "-1", amountMinor: -125 }] });
  });

  test("what lines do not add up to is a line, and flagged", () => {
    const total =
      "Receipt;Date;SKU;Price;Total\n9;13.05.2026;A;5,00;6,00\n9;13.05.2026;B;2,00;6,00";
    const capture = captureOf(mapAll(total)[0]);
    expect(capture).toMatchObject({
      flags: ["lines_differ"],
      lines: [{ sku: "A" }, { sku: "B" }, { sku: "DIFFERENCE", amountMinor: -100 }],
    });
  });

  test("receipts that begin anew each day are told apart, and ignored ones are left out", () => {
    const days = "Receipt;Date;Amount\n1;13.05.2026;1,00\n1;14.05.2026;2,00\nA3;14.05.2026;9,00";
    const options: Partial<CsvMapping> = { receiptWithin: ["day"], ignoredPrefix: "A" };
    const [first, second, third] = mapAll(days, options);
    expect([captureOf(first).key, captureOf(second).key]).toEqual([
      "csv:sale:2026-05-13/1",
      "csv:sale:2026-05-14/1",
    ]);
    expect(third).toEqual({ skipped: "ignored" });
  });

  test.each([
    ["bad_money", "amount", "1;13.05.2026;secret"],
    ["bad_time", "at", "1;secret;1,00"],
    ["missing_field", "receipt", ";13.05.2026;1,00"],
  ])("SEC2: %s names the field %s, and no value", (code, field, row) => {
    expect(mapAll(`Receipt;Date;Amount\n${row}`, { dateOrder: "dmy", decimalMark: "," })).toEqual([
      { failed: { code, field } },
    ]);
  });
});

describe("guess and preview", () => {
  test("a date order is decided by the column as a whole, and doubtful where nothing decides it", () => {
    expect(doubtsOf(sales("03/04/2026 13/04/2026"))).toEqual([]);
    expect(guessMapping(sampleOf(sales("03/04/2026 04/13/2026")), "DE").mapping.dateOrder).toBe(
      "mdy",
    );
    expect(doubtsOf(sales("03/04/2026 05/04/2026"))).toEqual(["date_order_unknown"]);
    expect(doubtsOf(sales("13/04/2026 04/13/2026"))).toEqual(["date_order_mixed", "unreadable"]);
    expect(doubtsOf(sales("46000 46001"))).toEqual(["day_counts", "unreadable"]);
  });

  test("a decimal mark likewise", () => {
    expect(guessMapping(sampleOf(sales("13/04/2026", "1.234,50")), "US").mapping.decimalMark).toBe(
      ",",
    );
    expect(guessMapping(sampleOf(sales("13/04/2026", "1,234.50")), "DE").mapping.decimalMark).toBe(
      ".",
    );
    expect(doubtsOf(sales("13/04/2026", "1,234"))).toContain("decimal_mark_unknown");
  });

  test("digits that a spreadsheet has taken are doubtful, and cards of banks are no identity", () => {
    const skus = ["A;4.00639E+12", "B;4006390000000"].join("\n");
    expect(doubtsOf(`Email;EAN\n${skus}`)).not.toContain("scientific");
    const sold = "Receipt;Date;EAN;Price\n1;13.05.2026;4,00639E+12;1,00";
    expect(doubtsOf(sold)).toEqual(["scientific", "unreadable"]);
    const lost = Array.from({ length: 20 }, (_, at) => (at % 5 === 0 ? 1_234 : 12_345 + at));
    expect(doubtsOf(`PLZ;Email\n${lost.map((each) => `${each};`).join("\n")}`)).toContain(
      "leading_zeros",
    );
    const cards = Array.from({ length: 4 }, () => "4111111111111111;a@example.com").join("\n");
    expect(doubtsOf(`Card;Email\n${cards}`)).toEqual(["payment_card"]);
    expect(guessMapping(sampleOf(`Card;Email\n${cards}`), "DE").mapping.columns).toEqual({
      email: "Email",
    });
  });

  test("a guess is a mapping, or says what is missing", () => {
    const { mapping } = guessMapping(sampleOf("Receipt;Date;Price\n1;13.05.2026;1,00"), "DE");
    expect(csvMappingSchema.parse(JSON.parse(JSON.stringify(mapping)))).toEqual(mapping);
    const nameless = guessMapping(sampleOf("Vorname\nAnna"), "DE").mapping;
    expect(gapsIn(nameless)).toHaveLength(1);
    expect(csvMappingSchema.safeParse(nameless).success).toBe(false);
    expect(unknownColumns({ ...mapping, traits: ["Size"] }, ["Receipt", "Date"])).toEqual([
      "Price",
      "Size",
    ]);
  });
});
