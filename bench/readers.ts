/**
 * What each reader of what people write takes of the processor, against the JSON of one source record parsed. Resolution reads
 * every source record anew when its rules change, so a slow reader is a slow centre.
 */
import { EMAIL_POLICY } from "../shared/src/identity/email-rules.ts";
import { areNicknames } from "../shared/src/identity/nicknames.ts";
import { readAddress } from "../shared/src/identity/read-address.ts";
import { readBirthDate } from "../shared/src/identity/read-date.ts";
import { readEmail } from "../shared/src/identity/read-email.ts";
import { readName } from "../shared/src/identity/read-name.ts";
import { readPhone } from "../shared/src/identity/read-phone.ts";
import { type BenchOptions, growthOf, type Measured } from "./measured.ts";
import { medianOf, rounded } from "./percentiles.ts";

const SIZES = [12_500, 25_000, 50_000];
const QUICK_SIZES = [2_000, 4_000, 8_000];
const ROUNDS = 5;

type Reader = (row: number) => unknown;

const READERS: Readonly<Record<string, Reader>> = {
  email: (row) => readEmail(`Some.Name${row}+x@gmail${row % 5 === 0 ? "," : "."}com`, EMAIL_POLICY),
  "national phone": (row) => readPhone(`07911 ${100_000 + row}`, "GB"),
  "international phone": (row) => readPhone(`+1 650 25${row % 10} ${1_000 + (row % 9_000)}`, "GB"),
  "mistyped phone": (row) => readPhone(`O79ll ${100_000 + row}`, "GB"),
  "name in parts": (row) => readName({ given: "Jürgen", family: `Mueller ${row}` }),
  "name in one field": (row) => readName({ full: `Dr. Jürgen von Mueller-Ångström ${row}` }),
  nicknames: (row) => areNicknames("bob", row % 2 === 0 ? "robert" : "alex"),
  "birth date": (row) =>
    readBirthDate(`${1 + (row % 28)}/${1 + (row % 12)}/19${10 + (row % 90)}`, {
      latest: "2026-01-01",
      order: "dmy",
    }),
  "address in one line": (row) =>
    readAddress(`Flat ${row % 9}, ${row} Saffron Hill Road, London, EC1N 8FH`, { country: "GB" }),
  "address in fields": (row) =>
    readAddress(
      { line1: `${row} Main St Apt 4`, city: "Oakland", region: "Calif.", postalCode: "94789" },
      { country: "US" },
    ),
};

/** A record has each of these once. */
const OF_RECORD = ["email", "national phone", "name in parts", "birth date", "address in fields"];

const JSON_OF_RECORD = JSON.stringify({
  email: "some.name+x@gmail.com",
  phone: "07911 100000",
  name: { given: "Jürgen", family: "Mueller" },
  birthDate: "1/1/1980",
  address: { line1: "1 Main St Apt 4", city: "Oakland", region: "Calif.", postalCode: "94789" },
});
const parse: Reader = (row) => JSON.parse(`${JSON_OF_RECORD}${row % 2 === 0 ? "" : " "}`);

export async function benchReaders({ isQuick }: BenchOptions): Promise<Measured[]> {
  const sizes = isQuick ? QUICK_SIZES : SIZES;
  const record: Reader = (row) => OF_RECORD.map((name) => READERS[name]?.(row));
  // Five readers need more rows than one until all of their code is compiled as well as it will be.
  costOf(record, sizes.at(-1) ?? 0);
  const points = sizes.map((size) => ({ size, cost: rounded((costOf(record, size) * size) / 1_000) })); // prettier-ignore
  const growth = growthOf({ of: "records", cost: "of all", unit: "ms", points });
  const rows = sizes.at(-1) ?? 0;
  const [first = [], ...others] = [["whole record", record] as const, ...Object.entries(READERS)].map(([name, read]) => measure(name, read, rows)); // prettier-ignore
  return [...first.map((row) => ({ ...row, growth })), ...others.flat()];
}

/** In turns with parsing. */
function measure(name: string, read: Reader, rows: number): Measured[] {
  const perRound = Math.round(rows / ROUNDS);
  const rounds = Array.from({ length: ROUNDS }, () => ({
    parse: costOf(parse, perRound),
    read: costOf(read, perRound),
  }));
  const ratios = rounds.map((round) => round.read / Math.max(round.parse, 0.001));
  return [
    {
      bench: `readers: ${name}`,
      value: rounded(medianOf(rounds.map((round) => round.read))),
      unit: "µs of processor",
      baseline: rounded(medianOf(rounds.map((round) => round.parse))),
      ratio: rounded(medianOf(ratios)),
      n: rows,
      p50: 0,
      p95: 0,
      p99: 0,
      conditions: `beside JSON.parse of a record of ${JSON_OF_RECORD.length} characters; medians of ${ROUNDS} rounds in turns`,
    },
  ];
}

/** Of each row (µs): of the processor, not of the clock, for a machine that is shared does other work meanwhile. */
function costOf(read: Reader, rows: number): number {
  // The first rows are read by code that is not compiled yet.
  for (let row = 0; row < 1_000; row += 1) read(row);
  const before = process.cpuUsage();
  for (let row = 0; row < rows; row += 1) read(row);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / rows;
}
