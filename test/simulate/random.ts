/**
 * Chance from a seed. Each part of a run has a stream of its own, so that a plan with one step less gives the others the
 * same luck as before: that is what makes a failing plan shrink.
 */
export interface Random {
  /** In [0, 1). */
  (): number;
  chance(share: number): boolean;
  /** Both ends included. */
  int(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export function createRandom(seed: string): Random {
  const draw = sfc32(...seedWords(seed));
  const int = (least: number, most: number): number =>
    least + Math.floor(draw() * (most - least + 1));
  return Object.assign(draw, {
    chance: (share: number) => draw() < share,
    int,
    pick: <Item>(items: readonly Item[]): Item => {
      const item = items[int(0, items.length - 1)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  });
}

/** Chris Doty-Humphrey's small fast counter, 32 bits. */
function sfc32(first: number, second: number, third: number): () => number {
  let [a, b, c, counter] = [first, second, third, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** FNV-1a with three starts: neighbouring seeds must not begin alike, more is not asked. */
function seedWords(text: string): [number, number, number] {
  const word = (start: number): number => {
    let hash = start;
    for (let at = 0; at < text.length; at++) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    }
    return hash | 0;
  };
  return [word(0x811c9dc5), word(0x2f4a1c37), word(0x6b79d8e1)];
}
