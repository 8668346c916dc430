/** Distances between two short texts. Pure and symmetric: which of two records came first changes nothing (IDN2). */

/** Jaro-Winkler similarity, 0 to 1 (Winkler 1990, prefix of up to 4 characters weighs 0.1 each). */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  // The greedy search for common characters can depend on which text leads: the shorter does, or the lesser.
  const [one, two] = a.length < b.length || (a.length === b.length && a < b) ? [a, b] : [b, a];
  const jaro = jaroOf(one, two);
  let prefix = 0;
  const longest = Math.min(4, one.length);
  while (prefix < longest && one.charCodeAt(prefix) === two.charCodeAt(prefix)) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Of texts as long as this, what a search needs is at hand; each call works in them alone. */
const AT_HAND = 256;
const takenAtHand = new Uint8Array(AT_HAND);
const commonAtHand = new Uint16Array(AT_HAND);

function jaroOf(one: string, two: string): number {
  if (one.length === 0) return 0;
  const reach = Math.max(Math.floor(two.length / 2) - 1, 0);
  const isShort = two.length <= AT_HAND;
  const taken = isShort ? takenAtHand.fill(0, 0, two.length) : new Uint8Array(two.length);
  const common = isShort ? commonAtHand : new Uint16Array(one.length);
  let count = 0;
  for (let at = 0; at < one.length; at++) {
    const code = one.charCodeAt(at);
    const last = Math.min(at + reach, two.length - 1);
    for (let other = Math.max(at - reach, 0); other <= last; other++) {
      if (taken[other] === 1 || two.charCodeAt(other) !== code) continue;
      taken[other] = 1;
      common[count++] = code;
      break;
    }
  }
  if (count === 0) return 0;
  let displaced = 0;
  let next = 0;
  for (let other = 0; next < count; other++) {
    if (taken[other] === 0) continue;
    if (two.charCodeAt(other) !== common[next]) displaced++;
    next++;
  }
  return (count / one.length + count / two.length + (count - displaced / 2) / count) / 3;
}

/**
 * Edits that make `b` of `a`: left out, put in, replaced, or two neighbours exchanged (optimal string alignment).
 * Anything above `max` is `max + 1`.
 */
export function editDistance(a: string, b: string, max: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > max) return max + 1;
  // What both begin and end with costs nothing: no way of edits is shorter for touching it.
  let start = 0;
  let [endA, endB] = [a.length, b.length];
  const shorter = Math.min(endA, endB);
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  const [restA, restB] = [endA - start, endB - start];
  if (restA === 0 || restB === 0) return Math.min(restA + restB, max + 1);
  if (restA === 1 && restB === 1) return Math.min(1, max + 1);
  if (max === 1) {
    const isExchange =
      restA === 2 &&
      restB === 2 &&
      a.charCodeAt(start) === b.charCodeAt(start + 1) &&
      a.charCodeAt(start + 1) === b.charCodeAt(start);
    return isExchange ? 1 : 2;
  }
  return alignedDistance(a.slice(start, endA), b.slice(start, endB), max);
}

const rowsAtHand = [0, 1, 2].map(() => new Uint16Array(AT_HAND + 1));

function alignedDistance(a: string, b: string, max: number): number {
  const isShort = b.length <= AT_HAND;
  const rows = isShort ? rowsAtHand : rowsAtHand.map(() => new Uint16Array(b.length + 1));
  let [before, previous, current] = rows;
  if (!before || !previous || !current) throw new Error("three rows are at hand");
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const isSame = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isExchanged =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (isExchanged) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      current[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > max) return max + 1;
    [before, previous, current] = [previous, current, before];
  }
  return Math.min(previous[b.length] ?? 0, max + 1);
}
