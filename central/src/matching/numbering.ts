/** Numbers of any size, each given a place of its own in the order of their coming, without an object for any of them. */

/** Whole numbers from 0 on, below 2^53. */
export class Numbering {
  #size = 2048;
  #numbers = new Float64Array(this.#size).fill(-1);
  #places = new Int32Array(this.#size);
  count = 0;

  constructor(expected = 0) {
    while (this.#size < expected * 2) this.#size *= 2;
    this.#numbers = new Float64Array(this.#size).fill(-1);
    this.#places = new Int32Array(this.#size);
  }

  /** The place of a number; the next one where it is new. */
  placeOf(number: number): number {
    let at = slotOf(number) & (this.#size - 1);
    for (;;) {
      const known = this.#numbers[at];
      if (known === number) return this.#places[at] ?? 0;
      if (known === -1) break;
      at = (at + 1) & (this.#size - 1);
    }
    this.#numbers[at] = number;
    this.#places[at] = this.count;
    if (++this.count * 2 > this.#size) this.#grow();
    return this.count - 1;
  }

  #grow(): void {
    const [numbers, places, before] = [this.#numbers, this.#places, this.#size];
    this.#size *= 2;
    this.#numbers = new Float64Array(this.#size).fill(-1);
    this.#places = new Int32Array(this.#size);
    for (let from = 0; from < before; from++) {
      const number = numbers[from] ?? -1;
      if (number === -1) continue;
      let at = slotOf(number) & (this.#size - 1);
      while (this.#numbers[at] !== -1) at = (at + 1) & (this.#size - 1);
      this.#numbers[at] = number;
      this.#places[at] = places[from] ?? 0;
    }
  }
}

function slotOf(number: number): number {
  const high = Math.trunc(number / 4_294_967_296);
  const mixed = Math.imul(number | 0, 0x9e37_79b1) ^ Math.imul(high, 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
}
