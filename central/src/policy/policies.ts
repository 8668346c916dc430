/** Policies as they were published. The highest version is in force; before the first publication it is the default. */
import { numberOf, rowsOf, type Row, type Storage, textOf } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY, type Policy, policySchema } from "@regulars/shared/survivorship/policy";

export interface PublishedPolicy {
  readonly policy: Policy;
  /** Null for the default, which nobody has published. */
  readonly publishedMs: number | null;
  readonly by: string | null;
}

const DEFAULT: PublishedPolicy = { policy: DEFAULT_POLICY, publishedMs: null, by: null };

export async function standingPolicy(storage: Storage): Promise<PublishedPolicy> {
  const [row] = await rowsOf(storage, "select * from policy order by version desc limit 1");
  return row ? policyOf(row) : DEFAULT;
}

export async function readPolicy(
  storage: Storage,
  version: number,
): Promise<PublishedPolicy | null> {
  const [row] = await rowsOf(storage, "select * from policy where version = ?", [version]);
  if (row) return policyOf(row);
  return version === DEFAULT_POLICY.version ? DEFAULT : null;
}

const policyOf = (row: Row): PublishedPolicy => ({
  policy: policySchema.parse(JSON.parse(textOf(row, "policy"))),
  publishedMs: numberOf(row, "published_ms"),
  by: textOf(row, "by"),
});
