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

function jaroOf(one: string, two: string): number {
  if (one.length === 0) return 0;
  const reach = Math.max(Math.floor(two.length / 2) - 1, 0);
  const taken = new Uint8Array(two.length);
  const common: number[] = [];
  for (let at = 0; at < one.length; at++) {
    const code = one.charCodeAt(at);
    const last = Math.min(at + reach, two.length - 1);
    for (let other = Math.max(at - reach, 0); other <= last; other++) {
      if (taken[other] === 1 || two.charCodeAt(other) !== code) continue;
      taken[other] = 1;
      common.push(code);
      break;
    }
  }
  if (common.length === 0) return 0;
  let displaced = 0;
  let next = 0;
  for (let other = 0; other < two.length; other++) {
    if (taken[other] === 0) continue;
    if (two.charCodeAt(other) !== common[next]) displaced++;
    next++;
  }
  const count = common.length;
  return (count / one.length + count / two.length + (count - displaced / 2) / count) / 3;
}

/**
 * Edits that make `b` of `a`: left out, put in, replaced, or two neighbours exchanged (optimal string alignment).
 * Anything above `max` is `max + 1`.
 */
export function editDistance(a: string, b: string, max: number): number {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
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
      current.push(cost);
      if (cost < least) least = cost;
    }
    if (least > max) return max + 1;
    before = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, max + 1);
}
