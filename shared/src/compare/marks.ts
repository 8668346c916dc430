/**
 * What two sides compare before they compare what they have made (GLD2): by which fragments, in which state, a profile is
 * made. Where these are the same, the profiles have to be, for both sides run the same function.
 */
import { canonicalJson, sha256Hex } from "../digest.ts";
import type { Contribution } from "../fragment/contribution.ts";

export interface FragmentMark {
  /** `source/epoch/key`. */
  readonly id: string;
  /** How many operations of its writer it has. */
  readonly clock: number;
  /** Of what it says, with its stamps clamped. */
  readonly digest: string;
}

export const contributionDigest = (contribution: Contribution): string =>
  sha256Hex(canonicalJson(contribution));

/** Of all fragments of one customer, in whatever order they are given. */
export function marksDigest(marks: readonly FragmentMark[]): string {
  const lines = marks.map(({ id, clock, digest }) => `${id} ${clock} ${digest}`);
  return sha256Hex(lines.toSorted((a, b) => (a < b ? -1 : 1)).join("\n"));
}

export interface RowMark {
  readonly seq: number;
  readonly hash: string;
}

/** Of a stretch of one writer's journal, whose rows are given by their numbers. */
export const rowsDigest = (rows: readonly RowMark[]): string =>
  sha256Hex(rows.map(({ seq, hash }) => `${seq} ${hash}`).join("\n"));
