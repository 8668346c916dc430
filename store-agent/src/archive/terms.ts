/**
 * Under which terms a row of an archive file is found, and two ways to look for them: a filter, which is in memory and says
 * no for nearly every term that is not there, and a sorted index, which is read by position.
 */
import { hash as digestOf } from "node:crypto";
import type { ArchivedRow } from "./archived-row.ts";

/** `number`: the agent's receipt number or the POS's own. */
export type TermKind = "key" | "number" | "voids";

/** A term by the first 48 bits of its SHA-256: as many as a number holds beside the row in 64 bits. */
export function termHash(kind: TermKind, value: string): number {
  const text = `${kind}:${kind === "key" ? value : foldCase(value)}`;
  return Number.parseInt(digestOf("sha256", text).slice(0, 12), 16);
}

/** As the database compares receipt numbers (nocase). */
export const foldCase = (text: string): string =>
  text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

export function termsOf(row: ArchivedRow): Set<number> {
  const hashes = new Set<number>();
  if (row.idempotencyKey !== null) hashes.add(termHash("key", row.idempotencyKey));
  if (row.receipt !== null) hashes.add(termHash("number", row.receipt));
  if (row.externalId !== null) hashes.add(termHash("number", row.externalId));
  if (row.voids !== null) hashes.add(termHash("voids", row.voids));
  return hashes;
}

/** Two terms may have one hash: the row itself decides. */
export function hasTerm(row: ArchivedRow, kind: TermKind, value: string): boolean {
  const is = (text: string | null): boolean => text !== null && foldCase(text) === foldCase(value);
  switch (kind) {
    case "key":
      return row.idempotencyKey === value;
    case "number":
      return is(row.receipt) || is(row.externalId);
    case "voids":
      return is(row.voids);
  }
}

const ENTRY_BYTES = 8;
const ROW_BITS = 16n;
const HASH_SPAN = 2 ** 48;
/** Rows that the sixteen bits of an entry can tell apart. */
export const SEGMENT_ROWS_MAX = 2 ** 16;

/**
 * Sorted entries of eight bytes, little end first as in the memory of every machine that a till is: 48 bits of hash over
 * 16 of row.
 */
export function buildIndex(rowsOfTerms: readonly ReadonlySet<number>[]): Uint8Array {
  const entries = new BigUint64Array(countOf(rowsOfTerms));
  let at = 0;
  for (const [row, hashes] of rowsOfTerms.entries()) {
    for (const hash of hashes) entries[at++] = (BigInt(hash) << ROW_BITS) | BigInt(row);
  }
  // Numbers sort without a comparator, twenty times as fast.
  return new Uint8Array(entries.toSorted().buffer);
}

const countOf = (rowsOfTerms: readonly ReadonlySet<number>[]): number =>
  rowsOfTerms.reduce((sum, hashes) => sum + hashes.size, 0);

/** So far from where a hash should be is it looked for first: more than three deviations among 24,000 entries. */
const WINDOW_ENTRIES = 256;

/** Rows under the hash. Hashes are evenly spread, so that where one stands follows from its size: one read, as a rule. */
export async function searchIndex(
  indexBytes: number,
  hash: number,
  read: (at: number, length: number) => Promise<Uint8Array>,
): Promise<number[]> {
  const count = Math.floor(indexBytes / ENTRY_BYTES);
  const guess = Math.floor((hash / HASH_SPAN) * count);
  let [from, to] = [guess, guess];
  for (let reach = WINDOW_ENTRIES; ; reach *= 4) {
    from = Math.max(0, from - reach);
    to = Math.min(count, to + reach);
    const entries = entriesOf(await read(from * ENTRY_BYTES, (to - from) * ENTRY_BYTES));
    const [first, last] = [entries[0], entries.at(-1)];
    const startsBefore = from === 0 || (first !== undefined && first.hash < hash);
    const endsAfter = to === count || (last !== undefined && last.hash > hash);
    if (startsBefore && endsAfter) {
      return entries.filter((entry) => entry.hash === hash).map(({ row }) => row);
    }
  }
}

function entriesOf(bytes: Uint8Array): { readonly hash: number; readonly row: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.byteLength / ENTRY_BYTES }, (_, at) => {
    const entry = view.getBigUint64(at * ENTRY_BYTES, true);
    return { hash: Number(entry >> ROW_BITS), row: Number(entry & 0xffffn) };
  });
}

/** With six probes into sixteen bits per term, one in a thousand terms that are not there is looked for in vain. */
const BITS_PER_TERM = 16;
const PROBES = 6;

export function buildFilter(rowsOfTerms: readonly ReadonlySet<number>[]): Uint8Array {
  const filter = new Uint8Array(Math.max(1, (countOf(rowsOfTerms) * BITS_PER_TERM) / 8));
  for (const hashes of rowsOfTerms) {
    for (const hash of hashes) {
      const [first, step] = halvesOf(hash);
      for (let probe = 0; probe < PROBES; probe++) {
        const bit = (first + probe * step) % (filter.length * 8);
        filter[bit >> 3] = (filter[bit >> 3] ?? 0) | (1 << (bit & 7));
      }
    }
  }
  return filter;
}

export function mayHave(filter: Uint8Array, hash: number): boolean {
  const [first, step] = halvesOf(hash);
  for (let probe = 0; probe < PROBES; probe++) {
    const bit = (first + probe * step) % (filter.length * 8);
    if (((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
  }
  return true;
}

const HALF = 2 ** 24;

/** Two halves of the hash make any number of probes. */
const halvesOf = (hash: number): readonly [number, number] => [
  Math.floor(hash / HALF) | 0,
  (hash % HALF) | 1,
];
