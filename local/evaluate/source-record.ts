/** A row of a file as the source record that a till would have sent: with it the path of production can be walked. */
import { type Contribution, NOTHING_SINCE_4 } from "@regulars/shared/fragment/contribution";
import {
  CLAIMED_KINDS,
  type ClaimedKind,
  identityKeyOf,
  type IdentityOptions,
} from "@regulars/shared/identity/key";
import { customerIdOf, type IdentityKey } from "@regulars/shared/ids";
import type { ArrivedRecord } from "../../central/src/intake/source-record.ts";
import type { EvaluatedRecord } from "./read-records.ts";

/** Its keys leave this process no more than the file's values do. */
export const IDENTITY: IdentityOptions = { pepper: "of an evaluation", country: "GB" };

/** Of no time: the order of rows says nothing about when something was said. */
const STAMP = "000000000000-0000-evaluation/1";

const CLAIMS = {
  loyalty: "loyaltyNumber",
  email: "email",
  phone: "phone",
} as const satisfies Record<ClaimedKind, keyof Contribution["claims"]>;

/** `record:…`: known by nothing but itself; its kind proves nothing. */
export const ownKeyOf = (id: string): IdentityKey =>
  identityKeyOf("phone", `record ${id}`, IDENTITY.pepper).replace("phone:", "record:");

export function sourceRecordOf({ id, source, values }: EvaluatedRecord): ArrivedRecord {
  const key = ownKeyOf(id);
  const known = CLAIMED_KINDS.flatMap((kind) =>
    values[kind] === null ? [] : [{ kind, value: values[kind] }],
  );
  const named = known.map(({ kind, value }) => identityKeyOf(kind, value, IDENTITY.pepper));
  const name = `file-${source}`;
  return {
    id: `${name}/1/${key}`,
    clock: 1,
    contribution: {
      source: name,
      epoch: 1,
      key,
      seq: 1,
      first: STAMP,
      last: STAMP,
      keys: Object.fromEntries([key, ...named].map((each) => [each, STAMP])),
      claims: Object.fromEntries(
        known.map(({ kind, value }) => [CLAIMS[kind], { value, stamp: STAMP, seq: 1 }]),
      ),
      consents: {},
      totals: {},
      recent: {},
      notes: {},
      ...NOTHING_SINCE_4,
    },
    edgeCustomer: customerIdOf(key),
    sha256: "",
    state: new Uint8Array(0),
  };
}
