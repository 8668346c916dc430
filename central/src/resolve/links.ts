/**
 * Links: the evidence for a cluster, one row per record that names a key besides the earliest one that does. A star
 * instead of all pairs: as much evidence in n - 1 rows, and still a pure function of the set of records.
 */
import type { IdentityKey } from "@regulars/shared/ids";
import { compareFirst, type Linkable } from "./clusters.ts";

export interface Link {
  readonly key: IdentityKey;
  readonly recordA: string;
  readonly recordB: string;
}

export interface LinkChanges {
  /** All rows of these keys go: an earlier record has arrived. */
  readonly replaced: readonly IdentityKey[];
  readonly added: readonly Link[];
}

/** `isNew` tells a (record, key) that was not known before this arrival. */
export function decideLinks(
  records: readonly Linkable[],
  isNew: (record: Linkable, key: IdentityKey) => boolean,
): LinkChanges {
  const replaced: IdentityKey[] = [];
  const added: Link[] = [];
  const naming = records.flatMap((record) =>
    Object.keys(record.contribution.keys).map((key) => ({ key, record })),
  );
  for (const [key, entries] of Map.groupBy(naming, (entry) => entry.key)) {
    const named = entries.map(({ record }) => record).toSorted(compareFirst);
    const [earliest, ...others] = named;
    if (!earliest || !named.some((record) => isNew(record, key))) continue;
    const isReplaced = isNew(earliest, key);
    if (isReplaced) replaced.push(key);
    for (const other of others) {
      if (isReplaced || isNew(other, key)) {
        added.push({ key, recordA: earliest.id, recordB: other.id });
      }
    }
  }
  return { replaced, added };
}
