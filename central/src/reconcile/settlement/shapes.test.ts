import { afterAll, beforeAll, expect, test } from "vitest";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../testing/database.ts";
import { SQUARE_FILE, STRIPE_FILE } from "../../testing/settlement.ts";
import { mappingOf } from "./uploads.ts";
import { readSample } from "./read-csv.ts";
import { guessSettlement } from "./shapes.ts";
import { type Survey, surveyFile } from "./survey.ts";
import type { SettlementLine } from "./read-line.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const ZONES = new Map([
  ["store-1", "Europe/London"],
  ["store-2", "Europe/London"],
]);

async function guessOf(text: string, stores: Record<string, string> = {}) {
  const path = join(folder.path, "file.csv");
  await writeFile(path, text);
  const sample = await readSample(path, "utf-8");
  const draft = { ...guessSettlement(sample, { currency: null, store: null }), stores };
  const lines: SettlementLine[] = [];
  const mapping = mappingOf(draft);
  const survey: Survey | null =
    mapping &&
    (await surveyFile({
      file: { path, encoding: "utf-8" },
      header: sample.header,
      mapping,
      zones: ZONES,
      today: "2026-11-26",
      pause: () => Promise.resolve(),
      onLine: (line) => lines.push(line),
    }));
  return { draft, survey, lines };
}

test("Stripe's payout reconciliation is known by its columns", async () => {
  const { draft, survey, lines } = await guessOf(STRIPE_FILE);
  expect(draft).toMatchObject({
    shape: "stripe",
    zone: "UTC",
    feeSign: "positive",
    decimalMark: ".",
  });
  expect(survey).toMatchObject({
    lines: 3, skipped: 1, currency: "GBP", amountMinor: 3_495 - 1_200 + 120_450, feeMinor: 77 + 1_711, refunds: 1, problemCount: 0, refusal: null,
  }); // prettier-ignore
  expect(
    lines.map(({ store, businessDay, reference, batch }) => [store, businessDay, reference, batch]),
  ).toEqual([
    ["store-1", "2026-11-20", "pi_1", "po_1"],
    ["store-1", "2026-11-20", "pi_0", "po_1"],
    ["store-2", "2026-11-20", "pi_2", "po_1"],
  ]);
});

test("Square's transactions are known by their columns, and cash is none of them", async () => {
  const { draft, survey, lines } = await guessOf(SQUARE_FILE, { "High Street": "store-1" });
  expect(draft).toMatchObject({
    shape: "square",
    currency: "GBP",
    dateOrder: "mdy",
    feeSign: "negative",
  });
  expect(survey).toMatchObject({
    lines: 2,
    skipped: 1,
    amountMinor: 6_000,
    feeMinor: 185,
    refunds: 1,
    problemCount: 0,
  });
  expect(lines[0]).toMatchObject({
    store: "store-1",
    reference: "PM900",
    batch: "DEP1",
    atMs: Date.UTC(2026, 10, 20, 14, 30),
  });
});

test("Square's places are named, so that they can be chosen by hand", async () => {
  const { survey } = await guessOf(SQUARE_FILE);
  expect(survey).toMatchObject({ unknownStores: ["High Street"], problemCount: 2, lines: 0 });
  expect(survey?.problems[0]).toEqual({ line: 2, column: "Location", reason: "store_unknown" });
});

test.each([
  [
    "Datum;Uhrzeit;Filiale;Betrag;Gebühr;Währung;Referenz;Auszahlung\n20.11.2026;14:30;store-1;1.204,50;-3,10;EUR;R1;A7\n",
    {
      amount: "Betrag",
      fee: "Gebühr",
      date: "Datum",
      time: "Uhrzeit",
      store: "Filiale",
      currency: "Währung",
      reference: "Referenz",
      batch: "Auszahlung",
    },
    { delimiter: ";", decimalMark: ",", dateOrder: "dmy", feeSign: "negative" },
  ],
  [
    "Transaction Date,Merchant Reference,Gross Amount,Fee,Currency,Store ID,Batch Number\n2026-11-20,R1,12.00,0.10,GBP,store-1,7\n",
    {
      amount: "Gross Amount",
      fee: "Fee",
      date: "Transaction Date",
      store: "Store ID",
      currency: "Currency",
      reference: "Merchant Reference",
      batch: "Batch Number",
    },
    { delimiter: ",", decimalMark: ".", dateOrder: "ymd", feeSign: "positive" },
  ],
])(
  "a file of anybody is guessed by what its columns are called: %s",
  async (text, columns, rest) => {
    const { draft, survey } = await guessOf(text);
    expect(draft).toMatchObject({ shape: "csv", columns, ...rest });
    expect(survey).toMatchObject({ lines: 1, problemCount: 0, refusal: null });
  },
);

test("a file that nothing can be guessed of is mapped by hand", async () => {
  const { draft, survey } = await guessOf("a,b\n1,2\n");
  expect(draft.columns).toEqual({});
  expect(survey).toBeNull();
});
