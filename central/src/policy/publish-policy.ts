/** Publishing a policy: one write that puts it in force, tells the edge, and begins the run over all golden records. */
import { canonicalJson } from "@regulars/shared/digest";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { publishStatement } from "../publish/outbox.ts";
import { standingPolicy } from "./policies.ts";

export type Publication =
  /** `isNew` is false when it was in force already: an answer was lost. */
  | { readonly ok: true; readonly isNew: boolean }
  | { readonly ok: false; readonly nextVersion: number };

/** Not to be run beside an intake: from the answer on, golden records have to be derived by the new policy. */
export async function publishPolicy(
  storage: Storage,
  policy: Policy,
  by: string,
  nowMs: number,
  /** What else is true from then on, such as the words in the audit: in the same write. */
  also: readonly Statement[] = [],
): Promise<Publication> {
  const standing = await standingPolicy(storage);
  if (canonicalJson(policy) === canonicalJson(standing.policy)) return { ok: true, isNew: false };
  const nextVersion = standing.policy.version + 1;
  if (policy.version !== nextVersion) return { ok: false, nextVersion };
  await storage.write([...policyStatements(policy, by, nowMs), ...also]);
  return { ok: true, isNew: true };
}

function policyStatements(policy: Policy, by: string, nowMs: number): Statement[] {
  return [
    {
      sql: `insert into policy (version, policy, published_ms, "by") values (?, ?, ?, ?)`,
      args: [policy.version, JSON.stringify(policy), nowMs, by],
    },
    {
      sql: `insert into policy_run (version, last_customer, done, changed, started_ms)
            values (?, '', 0, 0, ?)`,
      args: [policy.version, nowMs],
    },
    publishStatement({ kind: "policy", policy }),
  ];
}
