/** Whether a seal is true: its root is that of its heads, and each head is the row that is here. */
import { merkleRoot } from "@regulars/shared/shift/merkle";
import { eventKeyOf } from "@regulars/shared/ids";
import { numberOf, type Row, textOf } from "@regulars/shared/storage/port";
import type { Head } from "@regulars/shared/events/seal";
import { hexOf } from "../../db/packed.ts";
import type { SealRow } from "./shifts.ts";

/** `missing`: the row is not here, or not yet. */
export type HeadStanding = "true" | "false" | "missing";

export interface CheckedSeal extends SealRow {
  readonly isRootTrue: boolean;
  readonly heads: readonly (Head & { readonly standing: HeadStanding })[];
}

export const keysOfHeads = (seals: readonly SealRow[]) =>
  seals.flatMap(({ seal }) =>
    seal.heads.map(({ source, epoch, seq }) => [source, epoch, seq] as const),
  );

export function checkedSeals(seals: readonly SealRow[], hashRows: readonly Row[]): CheckedSeal[] {
  const hashes = new Map(
    hashRows.map((row) => [
      eventKeyOf(textOf(row, "source"), numberOf(row, "epoch"), numberOf(row, "seq")),
      hexOf(row, "hash"),
    ]),
  );
  return seals.map((row) => ({
    ...row,
    isRootTrue: merkleRoot(row.seal.heads) === row.seal.root,
    heads: row.seal.heads.map((head) => {
      const hash = hashes.get(eventKeyOf(head.source, head.epoch, head.seq));
      return { ...head, standing: standingOf(hash, head.hash) };
    }),
  }));
}

function standingOf(here: string | undefined, said: string): HeadStanding {
  if (here === undefined) return "missing";
  return here === said ? "true" : "false";
}
