/**
 * The one form in which written words are compared: lower-case ASCII letters and digits, words parted by single spaces.
 *
 * An umlaut loses its dots (Müller: muller), and so does its spelling without them where it can be nothing else
 * (Mueller: muller). The other way round (Müller: mueller) would part Müller from the Muller of every form that knows no
 * dots, and there are more of those.
 */
import { asciiOf } from "./ascii.ts";
import { withoutUmlauts } from "./umlauts.ts";

const PLAIN = /^[\t-\r -~]*$/;
const APOSTROPHES = /['`‘’‛′ʼʹ´]/gu;

/** Words of a text, folded; parted at anything but letters and digits, apostrophes left out (O'Neil: oneil). */
export function foldWords(text: string): string[] {
  const folded = toAscii(text)
    .replaceAll(APOSTROPHES, "")
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, " ")
    .trim();
  return folded === "" ? [] : folded.split(" ").map(withoutUmlauts);
}

/** Letters of any script in ASCII, not yet folded. */
export function toAscii(text: string): string {
  if (PLAIN.test(text)) return text;
  // Letters that keep their own sign are composed first: й is a y, not an i with something above it.
  return asciiOf(text.normalize("NFKC").replaceAll(/\p{Extended_Pictographic}|\p{Cf}/gu, ""));
}
