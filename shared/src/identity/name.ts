/** Personal names as search terms: lower case, without accents, split at anything that is not a letter. */
const MARKS = /\p{M}/gu;
const NOT_LETTERS = /[^\p{L}\p{N}]+/u;
const FOLDED: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ł: "l",
};

export function nameTerms(name: string): string[] {
  const folded = name
    .normalize("NFKD")
    .replaceAll(MARKS, "")
    .toLowerCase()
    .replaceAll(/[ßæœøđł]/g, (letter) => FOLDED[letter] ?? letter);
  return [...new Set(folded.split(NOT_LETTERS).filter((term) => term !== ""))];
}
