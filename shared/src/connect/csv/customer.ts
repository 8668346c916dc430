/** The customer that a row, or the rows of a receipt, are about. */
import type { ConnectCapture } from "../captures.ts";
import { splitName } from "../whole-name.ts";
import { isScientific, readDay, readYes } from "./cell.ts";
import { CONSENT_MEANINGS, type CsvMapping, type CustomerMeaning } from "./mapping.ts";
import type { CsvRow, RowReader } from "./row.ts";

export interface CustomerOfRows {
  /** Absent where the rows are about nobody in particular. */
  readonly customer?: NonNullable<ConnectCapture["customer"]>;
  readonly consents?: readonly unknown[];
}

/** Of several rows the first that says a field counts. */
export function customerOf(
  rows: readonly CsvRow[],
  reader: RowReader,
  mapping: CsvMapping,
  today: string,
): CustomerOfRows {
  const said = (meaning: CustomerMeaning): string | undefined =>
    rows.map((row) => reader.text(row, meaning)).find((text) => text !== "");
  const name = nameOf(said("givenName"), said("familyName"), said("fullName"));
  const traits: Record<string, string> = {};
  for (const row of rows) {
    for (const [column, text] of Object.entries(reader.traits(row))) traits[column] ??= text;
  }
  const fields = whatIsSaid({
    userId: said("userId"),
    loyaltyNumber: digitsOf(said("loyaltyNumber")),
    email: said("email"),
    phone: digitsOf(said("phone")),
    ...name,
    birthDate: birthDateOf(said("birthDate"), mapping, today),
    language: said("language"),
    traits: Object.keys(traits).length === 0 ? undefined : traits,
  });
  // A country alone is everybody's: it makes nobody of a row that names nobody.
  if (Object.keys(fields).length === 0) return {};
  const address = whatIsSaid({
    line1: said("street"),
    line2: said("street2"),
    city: said("city"),
    region: said("region"),
    postalCode: said("postalCode"),
  });
  const country = said("country");
  const hasAddress = Object.keys(address).length > 0;
  const consents = consentsOf(rows, reader);
  return {
    customer: {
      ...fields,
      ...(hasAddress ? { address: { ...address, ...whatIsSaid({ country }) } } : {}),
      ...whatIsSaid({ country }),
    },
    ...(consents.length === 0 ? {} : { consents }),
  };
}

/**
 * A number that a spreadsheet has rounded is nobody's: as a key it would make one customer of thousands. In a list it is no
 * value of the field, so that it is set aside as it stands, for a person to see (CAP4).
 */
const digitsOf = (text: string | undefined): unknown =>
  text !== undefined && isScientific(text) ? [text] : text;

function nameOf(
  givenName: string | undefined,
  familyName: string | undefined,
  fullName: string | undefined,
): Record<string, unknown> {
  if (givenName !== undefined || familyName !== undefined || fullName === undefined) {
    return { givenName, familyName };
  }
  return { ...splitName(fullName) };
}

/** The order of the file's dates decides; what it does not fit is left as it is, to be set aside. */
function birthDateOf(
  text: string | undefined,
  { dateOrder }: CsvMapping,
  today: string,
): string | undefined {
  if (text === undefined) return undefined;
  return readDay(text, dateOrder, today, "1900-01-02") ?? text;
}

const CHANNELS = {
  consentEmail: "email",
  consentSms: "sms",
  consentPhone: "phone",
  consentPost: "post",
  consentAny: "any",
} as const satisfies Record<(typeof CONSENT_MEANINGS)[number], string>;

/** What is neither yes nor no is passed on as it is, and set aside by whoever reads the capture. */
function consentsOf(rows: readonly CsvRow[], reader: RowReader): unknown[] {
  return CONSENT_MEANINGS.flatMap((meaning) => {
    const text = rows.map((row) => reader.text(row, meaning)).find((each) => each !== "");
    if (text === undefined) return [];
    const yes = readYes(text);
    const state = yes === null ? text.slice(0, 64) : yes ? "granted" : "withdrawn";
    return [{ purpose: "marketing", channel: CHANNELS[meaning], state }];
  });
}

const whatIsSaid = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
