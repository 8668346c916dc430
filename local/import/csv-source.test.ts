import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CsvMapping } from "@regulars/shared/connect/csv/mapping";
import { FORMATS } from "../formats/formats.ts";
import { openText } from "../formats/read-text.ts";
import { UNKNOWN_ACCOUNT } from "./account.ts";
import { csvSource } from "./csv-source.ts";
import { inspectEncoding, readSample } from "./csv-text.ts";
import { FileBroke, type Item } from "./item.ts";
import { guessFor } from "./plan.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-import-"));
});
afterAll(() => rm(folder, { recursive: true }));

const context = {
  account: { ...UNKNOWN_ACCOUNT, zone: "Europe/London" },
  asOf: "2026-06-01T00:00:00.000Z",
  today: "2026-06-01",
};

async function fileOf(bytes: Uint8Array, name = "some.csv"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

async function itemsOf(path: string, mapping: CsvMapping): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of csvSource(path, mapping, context)) items.push(item);
  return items;
}

const mappingOf = (how: Partial<CsvMapping> = {}): CsvMapping => ({
  version: 1,
  what: "sales",
  encoding: "utf-8",
  delimiter: ",",
  decimalMark: ".",
  dateOrder: "ymd",
  columns: {
    receipt: "Receipt",
    at: "Date",
    sku: "Sku",
    description: "Words, please",
    unitPrice: "Price",
  },
  ...how,
});
const HEADER = ["Receipt", "Date", "Sku", "Words, please", "Price"];

interface Writing {
  readonly encoding: CsvMapping["encoding"];
  readonly delimiter: string;
  readonly decimalMark: string;
  readonly hasMark: boolean;
  readonly isQuoted: boolean;
  readonly lineEnd: string;
  readonly isGzip: boolean;
}

function write(rows: readonly (readonly string[])[], how: Writing): Uint8Array {
  const cell = (text: string) =>
    how.isQuoted || /["\r\n]/.test(text) || text.includes(how.delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;
  const text = rows.map((row) => row.map(cell).join(how.delimiter) + how.lineEnd).join("");
  const bytes = encode(how.hasMark ? `\uFEFF${text}` : text, how.encoding);
  return how.isGzip ? gzipSync(bytes) : bytes;
}

function encode(text: string, encoding: Writing["encoding"]): Buffer {
  if (encoding === "utf-16le") return Buffer.from(text, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(text, "utf16le").swap16();
  return Buffer.from(text, encoding === "utf-8" ? "utf8" : "latin1");
}

const writings: fc.Arbitrary<Writing> = fc
  .record({
    encoding: fc.constantFrom("utf-8", "utf-16le", "utf-16be", "windows-1252"),
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    decimalMark: fc.constantFrom(".", ","),
    hasMark: fc.boolean(),
    isQuoted: fc.boolean(),
    lineEnd: fc.constantFrom("\n", "\r\n"),
    isGzip: fc.boolean(),
  })
  // A mark is a letter of Unicode; in one byte it is three signs.
  .map((how) => ({ ...how, hasMark: how.hasMark && how.encoding !== "windows-1252" }));

const words = fc.string({
  unit: fc.constantFrom(..."aZ9 äé£\"';,|\t\n-".split("")),
  maxLength: 12,
});
const receipts = fc.array(
  fc.record({
    words,
    minor: fc.integer({ min: -99_999, max: 99_999 }),
    day: fc.integer({ min: 10, max: 28 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const priceOf = (minor: number, mark: string) =>
  `${minor < 0 ? "-" : ""}${Math.trunc(Math.abs(minor) / 100)}${mark}${String(Math.abs(minor) % 100).padStart(2, "0")}`;

interface Receipt {
  readonly words: string;
  readonly minor: number;
  readonly day: number;
}

const rowsOf = (some: readonly Receipt[], mark: string) => [
  HEADER,
  ...some.map((each, at) => [
    `R${at}`,
    `2026-05-${each.day}`,
    "A",
    each.words,
    priceOf(each.minor, mark),
  ]),
];

const capturesOf = async (path: string, mapping: CsvMapping) =>
  (await itemsOf(path, mapping)).flatMap(({ captures }) => captures);

const readUntilBroken = async (text: string, mapping: CsvMapping) => {
  const path = await fileOf(Buffer.from(text));
  const items: Item[] = [];
  const reading = (async () => {
    for await (const item of csvSource(path, mapping, context)) items.push(item);
  })();
  await expect(reading).rejects.toThrow(FileBroke);
  await expect(reading).rejects.toThrow("some.csv, line 3: the quotation marks do not fit.");
  return items.flatMap(({ captures }) => captures.map(({ customer }) => customer?.email));
};

describe("a table means the same, however it is written", () => {
  test("any delimiter, quotes, encoding, mark, line end and decimal mark give the same captures", async () => {
    const plain: Writing = { encoding: "utf-8", delimiter: ",", decimalMark: ".", hasMark: false, isQuoted: true, lineEnd: "\n", isGzip: false }; // prettier-ignore
    await fc.assert(
      fc.asyncProperty(receipts, writings, async (some, how) => {
        const expected = await fileOf(write(rowsOf(some, "."), plain), "plain.csv");
        const written = await fileOf(write(rowsOf(some, how.decimalMark), how), "written.csv");
        const { encoding, delimiter, decimalMark } = how;
        const read = mappingOf({ encoding, delimiter, decimalMark } as Partial<CsvMapping>);
        const captures = await capturesOf(expected, mappingOf());
        expect(captures).toHaveLength(some.length);
        expect(captures.filter(({ flags }) => flags !== undefined)).toEqual([]);
        expect(await capturesOf(written, read)).toEqual(captures);
      }),
      { numRuns: 150 },
    );
  });

  test("a receipt that comes back long after is a further part of it, and flagged", async () => {
    const between = Array.from({ length: 1_100 }, (_, at) => `B${at}`);
    const rows = ["A", ...between, "A"].map((receipt) => `${receipt},2026-05-10,A,,1.00`);
    const header = HEADER.map((each) => `"${each}"`).join(",");
    const items = await itemsOf(
      await fileOf(Buffer.from([header, ...rows].join("\n"))),
      mappingOf(),
    );
    const flagged = items.flatMap(({ captures }) => captures).filter(({ flags }) => flags);
    expect(flagged).toMatchObject([{ key: "csv:sale:A#2", flags: ["split_receipt"] }]);
    expect(items[0]?.captures[0]).toMatchObject({ key: "csv:sale:A" });
  });

  test("the encoding is found out: by mark, by zeros, by what is valid", async () => {
    const rows = rowsOf([{ words: "Käse £", minor: 100, day: 10 }], ".");
    for (const encoding of ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const) {
      for (const hasMark of encoding === "windows-1252" ? [false] : [true, false]) {
        const how = { encoding, delimiter: ";", decimalMark: ".", hasMark, isQuoted: false, lineEnd: "\n", isGzip: false }; // prettier-ignore
        const path = await fileOf(write(rows, how));
        expect(await inspectEncoding(path)).toEqual({
          encoding,
          isEncodingGuessed: encoding === "windows-1252",
        });
        expect(await readSample(path)).toMatchObject({ delimiter: ";", header: HEADER });
      }
    }
  });

  test("the first umlaut may stand at the very end", async () => {
    const text = `Receipt\n${"1\n".repeat(200_000)}Käse\n`;
    expect(await inspectEncoding(await fileOf(Buffer.from(text, "latin1")))).toMatchObject({
      encoding: "windows-1252",
    });
  });
});

describe("broken files", () => {
  test("what comes before the break is delivered, and the break told with its line", async () => {
    const customers = mappingOf({ what: "customers", columns: { email: "Email" } });
    const text = 'Email,Words\na@example.com,x\nb@example.com,"x"y\nc@example.com,x\n';
    expect(await readUntilBroken(text, customers)).toEqual(["a@example.com"]);
  });

  test("CAP6: a receipt that may lack lines is not: its key would be taken when the file is mended", async () => {
    const header = HEADER.map((each) => `"${each}"`).join(",");
    const text = `${header}\nR1,2026-05-10,A,x,1.00\nR1,2026-05-10,A,"x"y,1.00\n`;
    expect(await readUntilBroken(text, mappingOf())).toEqual([]);
  });

  test("a row with other fields goes to the desk with its header, and the others go on", async () => {
    const text = `${HEADER.map((each) => `"${each}"`).join(",")}\nR1,2026-05-10\nR2,2026-05-10,A,x,1.00\n`;
    const [odd, good] = await itemsOf(await fileOf(Buffer.from(text)), mappingOf());
    expect(odd?.failed?.failure).toMatchObject({ code: "bad_row" });
    expect(new TextDecoder().decode(odd?.failed?.raw)).toContain('"R1","2026-05-10"');
    expect(good?.captures).toHaveLength(1);
  });

  test("columns that are not there are named in one sentence", async () => {
    const path = await fileOf(Buffer.from("a,b\n1,2\n"));
    await expect(itemsOf(path, mappingOf())).rejects.toThrow(
      'The mapping names columns that the file does not have: "Receipt", "Sku", "Words, please", "Price", "Date".',
    );
  });

  test("random bytes are items or a sentence", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const path = await fileOf(bytes, "random.csv");
        const outcome = await guessFor(path, context.account)
          .then(({ guess }) => itemsOf(path, guess.mapping))
          .catch((error: Error) => error.constructor.name);
        expect(Array.isArray(outcome) || /^(CommandFailure|FileBroke)$/.test(outcome)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

const retail = join(import.meta.dirname, "../../../shared/data/transactions/online_retail.csv.gz");
test.skipIf(!existsSync(retail))(
  "the Online Retail file comes to the same, invoice by invoice, as in its own format",
  { timeout: 60_000 },
  async () => {
    const invoices = 2_000;
    const { guess } = await guessFor(retail, context.account);
    const totals = new Map<string, number>();
    for await (const { captures } of csvSource(retail, guess.mapping, context)) {
      for (const capture of captures) {
        if (!("externalId" in capture) || !("lines" in capture)) continue;
        const minor = capture.lines.reduce(
          (sum, { amountMinor = Number.NaN }) => sum + amountMinor,
          0,
        );
        totals.set(String(capture.externalId), minor);
      }
      if (totals.size >= invoices) break;
    }
    let compared = 0;
    for await (const { capture, totalMinor } of FORMATS["online-retail"]!.read(
      await openText(retail),
    )) {
      if (compared++ >= invoices) break;
      expect(totals.get(String(capture.externalId))).toBe(totalMinor);
    }
    expect(compared).toBeGreaterThan(invoices);
  },
);
