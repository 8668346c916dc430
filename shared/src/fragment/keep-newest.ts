import { readSection, type Section } from "./entries.ts";
import type { WrittenFragment } from "./written.ts";

/** Adds an entry named by seq and drops the lowest seqs beyond `max`. */
export function keepNewest(
  fragment: WrittenFragment,
  section: Section,
  entry: { readonly seq: number; readonly max: number; readonly value: object },
): void {
  fragment.set(section, String(entry.seq), entry.value);
  const seqs = [...readSection(fragment, section).keys()].map(Number).toSorted((a, b) => a - b);
  for (const old of seqs.slice(0, Math.max(0, seqs.length - entry.max))) {
    fragment.delete(section, String(old));
  }
}
