/** Nine digits as one number: that one of them is mistyped is seen without a look at the text. */

export const NOT_DIGITS = -1;

/** The last nine signs of a text, where all of them are digits. */
export function lastNineOf(text: string): number {
  const last = text.slice(-9);
  return /^\d{9}$/.test(last) ? Number(last) : NOT_DIGITS;
}

/** Whether one edit makes nine digits of others: one is replaced, or two neighbours are exchanged. */
export function isOneEdit(a: number, b: number): boolean {
  if (a === b) return true;
  let [restA, restB] = [a, b];
  while (restA % 10 === restB % 10) {
    restA = Math.trunc(restA / 10);
    restB = Math.trunc(restB / 10);
  }
  const [lastA, lastB] = [restA % 10, restB % 10];
  const [beforeA, beforeB] = [Math.trunc(restA / 10), Math.trunc(restB / 10)];
  if (beforeA === beforeB) return true;
  const isExchange = lastA === beforeB % 10 && lastB === beforeA % 10;
  return isExchange && Math.trunc(beforeA / 10) === Math.trunc(beforeB / 10);
}
