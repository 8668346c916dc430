/** A fragment as its row holds it: the document compressed, and what it says worked out from that. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Contribution } from "@regulars/shared/fragment/contribution";
import { openFragment, readContribution } from "@regulars/shared/fragment/fragment";
import type { IdentityKey } from "@regulars/shared/ids";
import { bytesOf, numberOf, type Row, type Statement } from "@regulars/shared/storage/port";

/** Columns that the functions below read. */
export const STATE_COLUMNS = "state, packed";

export function stateOf(row: Row): Uint8Array {
  const bytes = bytesOf(row, "state");
  return numberOf(row, "packed") === 1 ? inflateRawSync(bytes) : bytes;
}

export function contributionOf(row: Row): Contribution {
  const doc = openFragment(stateOf(row));
  const contribution = readContribution(doc);
  doc.destroy();
  return contribution;
}

export function fragmentStatement(
  key: IdentityKey,
  epoch: number,
  state: Uint8Array,
  known: readonly string[],
): Statement {
  return {
    sql: `insert into fragment (key, epoch, keys, state, packed) values (?, ?, ?, ?, 1)
          on conflict (key, epoch)
          do update set keys = excluded.keys, state = excluded.state, packed = 1`,
    args: [key, epoch, JSON.stringify(known), deflateRawSync(state)],
  };
}
