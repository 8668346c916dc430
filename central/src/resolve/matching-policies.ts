/** Matching policies as they were published. The highest version is in force; before the first publication it is the default. */
import { canonicalJson } from "@regulars/shared/digest";
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import {
  DEFAULT_MATCHING_POLICY,
  type MatchingPolicy,
  matchingPolicySchema,
} from "../matching/policy.ts";

export interface PublishedMatchingPolicy {
  readonly policy: MatchingPolicy;
  /** Null for the default, which nobody has published. */
  readonly publishedMs: number | null;
  readonly by: string | null;
}

export async function standingMatchingPolicy(storage: Storage): Promise<PublishedMatchingPolicy> {
  const [row] = await rowsOf(
    storage,
    `select policy, at_ms, "by" from matching_policy order by version desc limit 1`,
  );
  if (!row) return { policy: DEFAULT_MATCHING_POLICY, publishedMs: null, by: null };
  return {
    policy: matchingPolicySchema.parse(JSON.parse(textOf(row, "policy"))),
    publishedMs: numberOf(row, "at_ms"),
    by: row["by"] === null ? null : textOf(row, "by"),
  };
}

export type MatchingPublication =
  /** `isNew` is false when it was in force already: an answer was lost. */
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly nextVersion: number };

/** Not to be run beside an intake: from the answer on, what arrives has to be resolved by the new policy. */
export async function publishMatchingPolicy(
  storage: Storage,
  policy: MatchingPolicy,
  by: string,
  nowMs: number,
  /** What else is true from then on, such as the words in the audit: in the same write. */
  also: readonly Statement[] = [],
): Promise<MatchingPublication> {
  const standing = await standingMatchingPolicy(storage);
  if (canonicalJson(policy) === canonicalJson(standing.policy)) return { ok: true, isNew: false };
  const nextVersion = standing.policy.version + 1;
  if (policy.version !== nextVersion) return { ok: false, nextVersion };
  await storage.write([
    {
      sql: `insert into matching_policy (version, at_ms, policy, "by") values (?, ?, ?, ?)`,
      args: [policy.version, nowMs, JSON.stringify(policy), by],
    },
    ...also,
  ]);
  return { ok: true, isNew: true };
}
