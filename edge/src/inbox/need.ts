/** Fragments that the edge cannot go on with: asked for with every pull, until their writer has sent them whole. */
import { fragmentIdOf, type FragmentName, type IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push } from "@regulars/shared/protocol/push";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import type { MergeUpdate, ProfilesPort } from "../profile/port.ts";
import { customerOf, holdersOf, type HoldersDeps, rememberMove } from "./holders.ts";

export function needStatement(
  { nowMs }: { readonly nowMs: () => number },
  { source, epoch, key }: FragmentName,
): Statement {
  return {
    sql: `insert into need (source, epoch, key, since_ms) values (?, ?, ?, ?)
          on conflict do nothing`,
    args: [source, epoch, key, nowMs()],
  };
}

/** The same, where the writer is one of this inbox; whose customer it is, other stores know as well. */
export function needOfWriterStatement(
  { nowMs }: { readonly nowMs: () => number },
  { source, epoch, key }: FragmentName,
): Statement {
  return {
    sql: `insert into need (source, epoch, key, since_ms) select source, epoch, ?3, ?4 from mark
          where source = ?1 and epoch = ?2 on conflict do nothing`,
    args: [source, epoch, key, nowMs()],
  };
}

/**
 * As many as a push may bring. Of more than those each has its turn, a page every `pullEveryMs`: a writer that was set up anew
 * has lost what it wrote before, and what it can still send must not wait behind that for ever.
 */
export async function needsOf(
  { storage, nowMs }: { readonly storage: Storage; readonly nowMs: () => number },
  source: string,
): Promise<NonNullable<PullAnswer["need"]>> {
  // The whole pages that there are, in rows, by remainders: a number that is bound is real, and is divided as such.
  const rows = await rowsOf(
    storage,
    `select epoch, key from need where source = ?1 order by since_ms, epoch, key limit ?2
     offset ?3 * ?2 % (select max(1, count(*) + ?2 - 1 - (count(*) + ?2 - 1) % ?2)
                       from need where source = ?1)`,
    [source, LIMITS.neededFragments, Math.floor(nowMs() / LIMITS.pullEveryMs)],
  );
  return rows.map((row) => ({ epoch: numberOf(row, "epoch"), key: textOf(row, "key") }));
}

export interface MendDeps extends HoldersDeps {
  readonly storage: Storage;
  readonly profiles: ProfilesPort;
}

/** Whole fragments that were asked for, into their profiles; true when any was of use. */
export async function mendFragments(deps: MendDeps, push: Push, listens = true): Promise<boolean> {
  const { source, epoch, store, fragments = [] } = push;
  if (fragments.length === 0) return false;
  const { storage, profiles } = deps;
  const found = await holdersOf(
    deps,
    fragments.map((fragment) => ({ subject: [], updates: [fragment] })),
  );
  const updates = fragments.map((fragment): MergeUpdate => {
    const customer = customerOf(deps, found, { source, epoch, key: fragment.key });
    return { ...fragment, customer, source, epoch, store: listens ? store : null };
  });
  const outcomes = await profiles.merge(updates);
  const mended: IdentityKey[] = [];
  for (const [at, { key }] of updates.entries()) {
    const outcome = outcomes[at];
    if (outcome?.outcome === "merged") mended.push(key);
    if (outcome?.outcome === "moved") rememberMove(deps, { source, epoch, key }, outcome);
  }
  await storage.write(
    mended.flatMap((key) => [
      {
        sql: "delete from need where source = ? and epoch = ? and key = ?",
        args: [source, epoch, key],
      },
      // What was missing came with the whole.
      {
        sql: "delete from quarantine where source = ? and epoch = ? and fragment = ?",
        args: [source, epoch, fragmentIdOf(source, epoch, key)],
      },
    ]),
  );
  return mended.length > 0;
}
