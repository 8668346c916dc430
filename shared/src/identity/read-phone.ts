/**
 * Reads phone numbers as people write them: with extensions, letters for digits, and digits of other scripts. What
 * `normalisePhone` reads, this reads alike; what it cannot read is mended once and tried again.
 */
import { asciiOf } from "./ascii.ts";
import {
  type CountryCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
} from "libphonenumber-js/min";
import { LIMITS } from "../limits.ts";
import { accepted, type Normalised, rejected } from "./normalised.ts";

export interface PhoneValue {
  readonly e164: string;
  readonly extension: string | null;
  /** ISO 3166 country of the number's plan, where it has one. */
  readonly country: string | null;
}

export type PhoneReason = "empty" | "too-long" | "not-a-number" | "impossible" | "placeholder";

/** Fewer digits are no number of any plan that can be called from elsewhere. */
const LEAST_DIGITS = 5;
const KEYPAD = "22233344455566677778889999";

export function readPhone(
  raw: string,
  country: string | null,
): Normalised<PhoneValue, PhoneReason> {
  if (raw.length > LIMITS.fieldChars) return rejected("too-long");
  const typed = raw.trim();
  if (typed === "") return rejected("empty");
  const known = country !== null && isSupportedCountry(country) ? country : undefined;
  const plain = parse(typed, known);
  if (plain !== null) return judge(plain, !isPlain(typed));
  const ascii = asciiOf(typed.normalize("NFKC")).trim();
  if (digitsOf(unletter(ascii)).length < LEAST_DIGITS && !/[a-z]{4}/i.test(ascii)) {
    return rejected("not-a-number");
  }
  for (const mended of mendings(ascii, known)) {
    if (mended === typed) continue;
    const value = parse(mended, known);
    if (value !== null) return judge(value, true);
  }
  return rejected(digitsOf(ascii).length < LEAST_DIGITS ? "not-a-number" : "impossible");
}

function parse(text: string, country: CountryCode | undefined): PhoneValue | null {
  const parsed = parsePhoneNumberFromString(text, country);
  if (!parsed?.isPossible()) return null;
  return {
    e164: parsed.number,
    extension: parsed.ext ?? null,
    country: parsed.country ?? null,
  };
}

function judge(value: PhoneValue, isRepaired: boolean): Normalised<PhoneValue, PhoneReason> {
  // Forms that insist on a number are given one digit many times.
  return /(\d)\1{8}$/.test(value.e164) ? rejected("placeholder") : accepted(value, isRepaired);
}

/** Nothing but the number, in digits of any width, and what belongs to it. */
const isPlain = (text: string) =>
  /^(?:tel:)?[+\p{Nd}()\s./–‐-―-]+(?:[\s,;#~]*(?:ext?(?:ensio)?n?|int|x|#)?[\s.:=]*\p{Nd}+#?)?$/iu.test(
    text.normalize("NFKC"),
  ) && !/[^\P{Nd}\d]/u.test(text.normalize("NFKC"));

/** Readings of a text that could not be read as it stood, the likeliest first. */
function* mendings(text: string, country: CountryCode | undefined): Generator<string> {
  const whole = withContext(text).replace(/^\++\s*(?=00|011|\+)/, "");
  const bare = whole
    .replace(/^[^\d+*(]*\btel\s*:\s*/i, "")
    .replace(/^(?:[a-z]+\.?\s*){1,3}[:.]?\s+(?=[\d+(])/i, "")
    .replace(/\s*\(?[a-z]+\.?\)?$/i, (tail) => (/\d\s*[oli]+$/i.test(text) ? tail : ""))
    .replace(/(?<=\d)\.0$/, "")
    .replace(/^(\(?0)xx/i, "$1")
    .replace(/^(00|011)x{1,2}(?=\d)/i, "$1")
    .replace(/([\s,]*x\.?\s*\d+)\s*[/\\]\s*x?\s*\d+$/i, "$1");
  yield abroad(bare, country);
  const digits = unletter(bare);
  if (digits !== bare) yield abroad(digits, country);
  const [first = ""] = bare.split(/\s*(?:[/;,|]|\bor\b|\band\b)\s*/i);
  if (first !== bare && digitsOf(first).length >= LEAST_DIGITS)
    yield abroad(unletter(first), country);
  const spelt = dialled(whole);
  if (spelt !== null) yield abroad(spelt, country);
  // A letter alone among the digits is a slip of the hand.
  if (/^[\d\s+()-]*(?:[a-z][\d\s+()-]+){1,2}$/i.test(bare)) yield bare.replaceAll(/[a-z]/gi, "");
}

/** `tel:` addresses may name the country apart from the number; a domain says nothing that could be dialled. */
function withContext(text: string): string {
  const context = /;phone-context=([^;]*)/i.exec(text);
  if (context === null) return text;
  const number = text.replace(/;.*$/s, "").replace(/^.*?tel:/i, "");
  const extension = /;ext=\d+/i.exec(text)?.[0] ?? "";
  const prefix = /^\+[\d().-]+$/.test(context[1] ?? "") ? `${context[1] ?? ""} ` : "";
  return `${prefix}${number}${extension}`;
}

/** Where no country's own prefix for calls abroad is known, 00 is the one that most have. */
const abroad = (text: string, country: CountryCode | undefined) =>
  country === undefined ? text.replace(/^00\s*/, "+") : text;

/** The letters that a hand or a scanner puts for digits, where they stand among digits. */
function unletter(text: string): string {
  const letters = text.replace(/\s*(?:ext(?:ensio)?n?|int|x)[\s.:]*\d+#?\s*$/i, "");
  if (!/^[\d\s+()./OoQlIi|SsBZz-]+$/.test(letters)) return text;
  const digits = letters
    .replaceAll(/[OoQ]/g, "0")
    .replaceAll(/[lIi|]/g, "1")
    .replaceAll(/[Ss]/g, "5")
    .replaceAll("B", "8")
    .replaceAll(/[Zz]/g, "2");
  return digits + text.slice(letters.length);
}

/** Numbers that are spelt: 1800 SIX-FLAG. Only after digits, and with a word's letters, so that no remark is dialled. */
function dialled(text: string): string | null {
  if (!/^\+?[\d\s()-]{3,}[a-z]{3,}[\da-z\s-]*$/i.test(text) || digitsOf(text).length < 3)
    return null;
  const dial = text.replaceAll(/[a-z]/gi, (letter) =>
    KEYPAD.charAt(letter.toLowerCase().charCodeAt(0) - 97),
  );
  return dial === text ? null : dial;
}

const digitsOf = (text: string) => text.replaceAll(/\D/g, "");
