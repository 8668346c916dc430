/** Postal codes: where they stand among the words of an address, and the one form of each country. */
import { STREET_TYPES } from "./address-words.ts";

/** Codes of so many digits, and countries that write them before the city. */
const DIGITS_BY_COUNTRY: Readonly<Record<string, number>> = {
  US: 5,
  PR: 5,
  DE: 5,
  FR: 5,
  IT: 5,
  ES: 5,
  FI: 5,
  MX: 5,
  TR: 5,
  HR: 5,
  EE: 5,
  UA: 5,
  MY: 5,
  KR: 5,
  TH: 5,
  SA: 5,
  MC: 5,
  SE: 5,
  CZ: 5,
  SK: 5,
  GR: 5,
  AT: 4,
  CH: 4,
  BE: 4,
  DK: 4,
  NO: 4,
  HU: 4,
  AU: 4,
  NZ: 4,
  ZA: 4,
  LU: 4,
  SI: 4,
  BG: 4,
  PH: 4,
  RU: 6,
  IN: 6,
  RO: 6,
  CN: 6,
  SG: 6,
  CO: 6,
  PL: 5,
  PT: 7,
  BR: 8,
  JP: 7,
};
const BRITISH: ReadonlySet<string> = new Set(["GB", "IM", "JE", "GG"]);

const GB_OUT = /^(?:[a-z]{1,2}\d[a-z\d]?|gir)$/;
const GB_IN = /^\d[a-z]{2}$/;
const GB_WHOLE = /^([a-z]{1,2}\d[a-z\d]?)(\d[a-z]{2})$/;
const CA_FIRST = /^[abceghj-nprstvxy]\d[a-z]$/;
const CA_LAST = /^\d[a-z]\d$/;
const IE_FIRST = /^(?:[ac-fhknprtv-y]\d{2}|d6w)$/;
const IE_LAST = /^[\da-z]{4}$/;

export interface Postcode {
  readonly code: string;
  readonly isRepaired: boolean;
}

export interface FoundPostcode extends Postcode {
  /** Place among the words, and how many they are. */
  readonly at: number;
  readonly length: number;
  /** Told by the form alone. */
  readonly country: string | null;
}

/** The one form of a code that was given as such; a form that the country does not have is kept as it is, folded. */
export function readPostcode(text: string, country: string | null): Postcode | null {
  const bare = text.toLowerCase().replaceAll(/[^a-z\d]/g, "");
  if (bare === "") return null;
  if (country !== null && BRITISH.has(country)) return readBritish(bare);
  const length = country === null ? undefined : DIGITS_BY_COUNTRY[country];
  if (length === undefined || !/^[\doil]+$/.test(bare)) return { code: bare, isRepaired: false };
  const digits = bare.replaceAll("o", "0").replaceAll(/[il]/g, "1");
  const isLettered = digits !== bare;
  // Five digits say where; the four behind them change with the mail.
  if (country === "US" && digits.length === 9)
    return { code: digits.slice(0, 5), isRepaired: isLettered };
  // Spreadsheets take the noughts in front away.
  const padded = digits.length === length - 1 ? `0${digits}` : digits;
  return { code: padded, isRepaired: isLettered || padded !== digits };
}

/** The last three are a digit and two letters; before them, letters, then digits. */
function readBritish(bare: string): Postcode {
  if (GB_WHOLE.test(bare) || bare.length < 5 || bare.length > 7)
    return { code: bare, isRepaired: false };
  const outward = bare.slice(0, -3);
  const mended =
    outward.slice(0, 1) +
    outward
      .slice(1)
      .replaceAll("o", outward.length > 2 ? "0" : "o")
      .replaceAll(/[il]/g, "1") +
    bare.at(-3)?.replace("o", "0").replace(/[il]/, "1").replace("s", "5") +
    bare.slice(-2).replaceAll("0", "o").replaceAll("1", "i").replaceAll("5", "s");
  return GB_WHOLE.test(mended)
    ? { code: mended, isRepaired: true }
    : { code: bare, isRepaired: false };
}

/** Finds the code in an address of one line; `country` where it is known. */
export function findPostcode(
  words: readonly string[],
  country: string | null,
): FoundPostcode | null {
  return findByForm(words, country) ?? findMisspelt(words, country) ?? findByDigits(words, country);
}

/** Forms with letters, which can be nothing else. */
function findByForm(words: readonly string[], country: string | null): FoundPostcode | null {
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? "";
    const before = words[at - 1] ?? "";
    const isAlone = country === null || BRITISH.has(country);
    if (isAlone && GB_IN.test(word) && GB_OUT.test(before)) {
      return {
        code: before + word,
        isRepaired: false,
        at: at - 1,
        length: 2,
        country: britishCountry(before),
      };
    }
    const whole = isAlone ? GB_WHOLE.exec(word) : null;
    if (whole !== null) {
      return {
        code: word,
        isRepaired: false,
        at,
        length: 1,
        country: britishCountry(whole[1] ?? ""),
      };
    }
    if ((country === null || country === "CA") && CA_LAST.test(word) && CA_FIRST.test(before)) {
      return { code: before + word, isRepaired: false, at: at - 1, length: 2, country: "CA" };
    }
    if (country === "CA" && /^[a-z]\d[a-z]\d[a-z]\d$/.test(word)) {
      return { code: word, isRepaired: false, at, length: 1, country };
    }
    if (country === "NL" && /^[a-z]{2}$/.test(word) && /^\d{4}$/.test(before)) {
      return { code: before + word, isRepaired: false, at: at - 1, length: 2, country };
    }
    if ((country === "NL" || country === null) && /^\d{4}[a-z]{2}$/.test(word) && at > 0) {
      return { code: word, isRepaired: false, at, length: 1, country };
    }
    if (country === "IE" && IE_LAST.test(word) && IE_FIRST.test(before)) {
      return { code: before + word, isRepaired: false, at: at - 1, length: 2, country };
    }
  }
  return null;
}

/** British codes at the end with letters for digits, or digits for letters. */
function findMisspelt(words: readonly string[], country: string | null): FoundPostcode | null {
  const [outward = "", inward = ""] = words.slice(-2);
  const isLikely =
    country === "GB" && words.length > 2 && inward.length === 3 && /\d/.test(outward + inward);
  if (!isLikely) return null;
  const { code, isRepaired } = readBritish(outward + inward);
  return isRepaired ? { code, isRepaired, at: words.length - 2, length: 2, country } : null;
}

const britishCountry = (outward: string): string =>
  ({ im: "IM", je: "JE", gy: "GG" })[outward.slice(0, 2)] ?? "GB";

function findByDigits(words: readonly string[], country: string | null): FoundPostcode | null {
  const length = country === null ? undefined : DIGITS_BY_COUNTRY[country];
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const word = words[at] ?? "";
    if (!isDigitCode(word, length)) {
      const pair =
        country === "SE" ||
        country === "CZ" ||
        country === "SK" ||
        country === "GR" ||
        country === null;
      if (pair && /^\d{2}$/.test(word) && /^\d{3}$/.test(words[at - 1] ?? "") && at > 0) {
        return {
          code: `${words[at - 1] ?? ""}${word}`,
          isRepaired: false,
          at: at - 1,
          length: 2,
          country: null,
        };
      }
      continue;
    }
    // At the front stands the number of the house, unless a city follows and nothing else.
    const isFront = at === 0 && words.length > 1;
    if (isFront && !isCityOnly(words.slice(1), country)) continue;
    const bare = word.replaceAll(/\D/g, "");
    const code = /^\d{5}-\d{4}$/.test(word) ? bare.slice(0, 5) : bare;
    return { code, isRepaired: false, at, length: 1, country: null };
  }
  return null;
}

const isCityOnly = (words: readonly string[], country: string | null) =>
  !CODE_BEHIND.has(country ?? "") &&
  words.length < 4 &&
  words.every((word) => /^[a-z]+$/.test(word) && !STREET_TYPES.has(word));

/** Write the code behind the city: a number in front is a house's. */
const CODE_BEHIND: ReadonlySet<string> = new Set(["US", "CA", "AU", "GB", "IE", "NZ", "ZA"]);

function isDigitCode(word: string, length: number | undefined): boolean {
  if (/^\d{5}-\d{4}$|^\d{3}-\d{4}$|^\d{5}-\d{3}$|^\d{4}-\d{3}$|^\d{2}-\d{3}$/.test(word)) {
    return length === undefined || length !== 4;
  }
  if (!/^\d{4,6}$/.test(word)) return false;
  return length === undefined ? true : word.length === length;
}
