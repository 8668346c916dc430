/** Letters and digits of the scripts that people write today in ASCII, as any-ascii has them. */
import { ASCII_BLOCKS } from "./ascii-blocks.ts";

const blocks = new Map<number, readonly string[]>();

/** What has no ASCII is left out, and so are signs beyond the Basic Multilingual Plane: scripts of the past, rare ideographs. */
export function asciiOf(text: string): string {
  let ascii = "";
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    if (code <= 0x7f) ascii += sign;
    else if (code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE) ascii += syllableOf(code);
    else ascii += blockOf(code >>> 8)[code & 0xff] ?? "";
  }
  return ascii;
}

function blockOf(number: number): readonly string[] {
  const known = blocks.get(number);
  if (known) return known;
  const block = ASCII_BLOCKS[number]?.split("\t") ?? [];
  blocks.set(number, block);
  return block;
}

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const words = (text: string): readonly string[] => text.split(" ");
/** The eleventh and the first are not heard. */
const INITIALS = words("G Kk N D Tt L M B Pp S Ss  J Jj Ch K T P H");
const VOWELS = words("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i");
const FINALS = words(" g kk gs n nj nh d l lg lm lb ls lt lp lh m b bs s ss ng j ch k t p h");

/** A Korean syllable is made of three sounds in the order of its number (Unicode 3.12). */
function syllableOf(code: number): string {
  const number = code - FIRST_SYLLABLE;
  const initial = INITIALS[Math.floor(number / (VOWELS.length * FINALS.length))] ?? "";
  const vowel = VOWELS[Math.floor(number / FINALS.length) % VOWELS.length] ?? "";
  const final = FINALS[number % FINALS.length] ?? "";
  const begun = initial === "" ? vowel.charAt(0).toUpperCase() + vowel.slice(1) : initial + vowel;
  return begun + final;
}
