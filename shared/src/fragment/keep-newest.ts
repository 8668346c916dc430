import type * as Y from "yjs";
import { deleteEntry, readSection, type Section, setEntry } from "./entries.ts";

/** Adds an entry named by seq and drops the lowest seqs beyond `max`. */
export function keepNewest(
  doc: Y.Doc,
  section: Section,
  entry: { readonly seq: number; readonly max: number; readonly value: object },
): void {
  setEntry(doc, section, String(entry.seq), entry.value);
  const seqs = [...readSection(doc, section).keys()].map(Number).toSorted((a, b) => a - b);
  for (const old of seqs.slice(0, Math.max(0, seqs.length - entry.max))) {
    deleteEntry(doc, section, String(old));
  }
}
