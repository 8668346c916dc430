/** By code points: half an emoji is not a text, and would be another one after encoding. */
export const shorten = (text: string, maxChars: number): string =>
  Array.from(text.trim()).slice(0, maxChars).join("").toWellFormed();
