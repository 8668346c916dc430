/** What one golden record says otherwise than another, field by field: for the history, and to try a policy. */
import { canonicalJson } from "@regulars/shared/digest";
import { CLAIM_FIELDS, type ClaimField } from "@regulars/shared/events/claim";
import type { Golden } from "./golden.ts";

export type FieldState = NonNullable<Golden["fields"][ClaimField]>;
type Consent = Golden["consents"][string];

export interface FieldDifference {
  readonly field: ClaimField;
  /** `lineage`: the same value for another reason, or with other values beside it. */
  readonly change: "added" | "removed" | "value" | "lineage";
  readonly before: FieldState | null;
  readonly after: FieldState | null;
}

export interface ConsentDifference {
  /** `purpose/channel`. */
  readonly name: string;
  readonly before: Consent | null;
  readonly after: Consent | null;
}

export interface GoldenDifference {
  readonly fields: readonly FieldDifference[];
  readonly keys: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly consents: readonly ConsentDifference[];
}

/** `before` is null in front of the first version. */
export function goldenDifference(before: Golden | null, after: Golden): GoldenDifference {
  const old: Golden = before ?? { fields: {}, keys: [], consents: {} };
  const names = new Set([...Object.keys(old.consents), ...Object.keys(after.consents)]);
  return {
    fields: CLAIM_FIELDS.flatMap((field) =>
      fieldDifference(field, old.fields[field] ?? null, after.fields[field] ?? null),
    ),
    keys: {
      added: after.keys.filter((key) => !old.keys.includes(key)),
      removed: old.keys.filter((key) => !after.keys.includes(key)),
    },
    consents: [...names].toSorted().flatMap((name) => {
      const [was, is] = [old.consents[name] ?? null, after.consents[name] ?? null];
      return isSame(was, is) ? [] : [{ name, before: was, after: is }];
    }),
  };
}

function fieldDifference(
  field: ClaimField,
  before: FieldState | null,
  after: FieldState | null,
): FieldDifference[] {
  if (isSame(before, after)) return [];
  if (!before) return [{ field, change: "added", before, after }];
  if (!after) return [{ field, change: "removed", before, after }];
  const change = isSame(before.value, after.value) ? "lineage" : "value";
  return [{ field, change, before, after }];
}

type Comparable = FieldState | Consent | FieldState["value"] | null;

const isSame = (a: Comparable, b: Comparable): boolean => canonicalJson(a) === canonicalJson(b);
