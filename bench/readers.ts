/**
 * How long each reader of what people write takes for 50,000 rows: `node bench/readers.ts`, one JSON line for each.
 * Resolution reads every source record anew when its rules change, so a slow reader is a slow centre.
 */
import { EMAIL_POLICY } from "../shared/src/identity/email-rules.ts";
import { areNicknames } from "../shared/src/identity/nicknames.ts";
import { readAddress } from "../shared/src/identity/read-address.ts";
import { readBirthDate } from "../shared/src/identity/read-date.ts";
import { readEmail } from "../shared/src/identity/read-email.ts";
import { readName } from "../shared/src/identity/read-name.ts";
import { readPhone } from "../shared/src/identity/read-phone.ts";

const ROWS = 50_000;

const READERS: Readonly<Record<string, (row: number) => unknown>> = {
  email: (row) => readEmail(`Some.Name${row}+x@gmail${row % 5 === 0 ? "," : "."}com`, EMAIL_POLICY),
  phoneNational: (row) => readPhone(`07911 ${100_000 + row}`, "GB"),
  phoneInternational: (row) => readPhone(`+1 650 25${row % 10} ${1_000 + (row % 9_000)}`, "GB"),
  phoneMended: (row) => readPhone(`O79ll ${100_000 + row}`, "GB"),
  nameInParts: (row) => readName({ given: "Jürgen", family: `Mueller ${row}` }),
  nameInOneField: (row) => readName({ full: `Dr. Jürgen von Mueller-Ångström ${row}` }),
  nicknames: (row) => areNicknames("bob", row % 2 === 0 ? "robert" : "alex"),
  birthDate: (row) =>
    readBirthDate(`${1 + (row % 28)}/${1 + (row % 12)}/19${10 + (row % 90)}`, {
      latest: "2026-01-01",
      order: "dmy",
    }),
  addressInOneLine: (row) =>
    readAddress(`Flat ${row % 9}, ${row} Saffron Hill Road, London, EC1N 8FH`, { country: "GB" }),
  addressInFields: (row) =>
    readAddress(
      { line1: `${row} Main St Apt 4`, city: "Oakland", region: "Calif.", postalCode: "94789" },
      { country: "US" },
    ),
};

for (const [reader, read] of Object.entries(READERS)) {
  // The first rows are read by code that is not compiled yet.
  for (let row = 0; row < 1_000; row += 1) read(row);
  const before = process.cpuUsage();
  for (let row = 0; row < ROWS; row += 1) read(row);
  // Of the processor, not of the clock: a machine that is shared does other work meanwhile.
  const { user, system } = process.cpuUsage(before);
  console.log(JSON.stringify({ reader, rows: ROWS, cpuMs: Math.round((user + system) / 1000) }));
}
