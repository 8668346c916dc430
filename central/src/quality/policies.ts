/** Quality policies as they were published. The highest version is in force; before the first publication it is the default. */
import { numberOf, type Row, rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port"; // prettier-ignore
import { DEFAULT_QUALITY_POLICY, type QualityPolicy, qualityPolicySchema } from "./policy.ts";

export interface PublishedQualityPolicy {
  readonly policy: QualityPolicy;
  /** Null for the default, which nobody has published. */
  readonly publishedMs: number | null;
  readonly by: string | null;
}

export async function standingQualityPolicy(storage: Storage): Promise<PublishedQualityPolicy> {
  const [row] = await rowsOf(storage, "select * from quality_policy order by version desc limit 1");
  return row ? publishedOf(row) : { policy: DEFAULT_QUALITY_POLICY, publishedMs: null, by: null };
}

const publishedOf = (row: Row): PublishedQualityPolicy => ({
  policy: qualityPolicySchema.parse(JSON.parse(textOf(row, "policy"))),
  publishedMs: numberOf(row, "at_ms"),
  by: textOf(row, "by"),
});

/** Its number is the table's key: of two that are published at once, the second is refused by the database. */
export const qualityPolicyStatement = (
  policy: QualityPolicy,
  by: string,
  nowMs: number,
): Statement => ({
  sql: `insert into quality_policy (version, at_ms, policy, "by") values (?, ?, ?, ?)`,
  args: [policy.version, nowMs, JSON.stringify(policy), by],
});
