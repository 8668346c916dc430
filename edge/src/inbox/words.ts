/**
 * What tills are told beside marks, in words of their protocol: profiles by rules that they know, and the policy that the
 * edge makes profiles by (GLD2, SYN9).
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Pull, PullAnswer } from "@regulars/shared/protocol/pull";
import { NO_ACTIVITY } from "@regulars/shared/survivorship/activity";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { DirectoryPort } from "../directory/port.ts";

/** Strategies of protocol 2, whose tills refuse an answer that names another one. */
const RULES_OF_2 = new Set<unknown>(["most_recent", "oldest", "longest", "source_priority"]);

/** Parts of a profile, and of a sale in it, that tills of protocol 3 do not know. */
const SINCE_4 = new Set([
  ...Object.keys(NO_ACTIVITY),
  // Of a recent sale; all else that has them is among the parts above.
  "channel",
  "order",
  "shop",
]);

/** A change of the feed, or a profile: JSON text, opened only where its reader is an older one. */
export function inWordsOf(protocol: number, json: string): string {
  if (protocol > 3) return json;
  return JSON.stringify(JSON.parse(json, protocol > 2 ? inWordsOf3 : inWordsOf2));
}

const inWordsOf3 = (name: string, value: unknown): unknown =>
  SINCE_4.has(name) ? undefined : value;

const inWordsOf2 = (name: string, value: unknown): unknown =>
  name === "rule" && !RULES_OF_2.has(value) ? "most_recent" : inWordsOf3(name, value);

/** The newest policy where the till's is older; asked for now and then, for it seldom changes. */
export function createPolicyNews({
  directory,
  nowMs,
}: {
  readonly directory: Pick<DirectoryPort, "policy">;
  readonly nowMs: () => number;
}) {
  let known: Policy | null = null;
  let askedMs = -Infinity;
  return async ({ policy: version }: Pull): Promise<Pick<PullAnswer, "policy">> => {
    if (version === undefined) return {};
    if (nowMs() - askedMs >= LIMITS.policyAgeMs) {
      known = await directory.policy();
      askedMs = nowMs();
    }
    return known && known.version > version ? { policy: known } : {};
  };
}
