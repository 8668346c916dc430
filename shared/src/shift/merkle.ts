/**
 * The root over the heads of a store's terminals. Leaves and inner nodes are hashed apart, and an odd one moves up as it is, as
 * RFC 6962 does, so that no tree can pose as another.
 */
import { sha256Hex } from "../digest.ts";
import type { Head } from "../events/seal.ts";
import { eventKeyOf } from "../ids.ts";

export function merkleRoot(heads: readonly Head[]): string {
  let level = sortedHeads(heads).map((head) => leafOf(head));
  while (level.length > 1) {
    const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, at) => at * 2);
    level = pairs.map((at) => nodeOf(level[at] ?? "", level[at + 1]));
  }
  return level[0] ?? sha256Hex("");
}

/** By source, then epoch: the order of code units, the same in all tiers. */
export function sortedHeads<Of extends Head>(heads: readonly Of[]): Of[] {
  return heads.toSorted((a, b) =>
    a.source === b.source ? a.epoch - b.epoch : a.source < b.source ? -1 : 1,
  );
}

const leafOf = ({ source, epoch, seq, hash }: Head): string =>
  sha256Hex(`\u0000${eventKeyOf(source, epoch, seq)}/${hash}`);

const nodeOf = (left: string, right: string | undefined): string =>
  right === undefined ? left : sha256Hex(`\u0001${left}${right}`);
