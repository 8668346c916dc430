/** Answers what clustering asks about two units, each question worked out once. */
import type { IdentityKey } from "@regulars/shared/ids";
import type { Judge } from "./clusters.ts";
import { comparePair } from "./compare.ts";
import type { Lexicon, Prepared } from "./prepare.ts";
import type { Scorer } from "./weigh.ts";

interface Answer {
  readonly evidence: number;
  readonly isAlike: boolean;
  readonly isApart: boolean;
}

/** Bits that one field must speak against two records before they count as two people. */
const CONFLICT = -3;

export function createJudge(
  records: ReadonlyMap<string, Prepared>,
  lexicon: Lexicon,
  scorer: Scorer,
  isBlocked: (key: IdentityKey) => boolean,
): Judge {
  const known = new Map<string, Answer>();
  function ask(a: string, b: string): Answer {
    const at = a < b ? `${a}\n${b}` : `${b}\n${a}`;
    const answer = known.get(at);
    if (answer) return answer;
    const [one, two] = [records.get(a), records.get(b)];
    if (!one || !two) throw new Error("a question about a unit that is not there");
    const levels = comparePair(one, two, lexicon);
    const { weight, prior } = scorer.weigh(levels, one, two);
    const isMatch = weight >= scorer.model.thresholds.match;
    const isContrary = scorer.conflict(levels) <= CONFLICT;
    const found = {
      evidence: weight - prior,
      isAlike: isMatch || (!isContrary && scorer.personal(levels) > 0),
      isApart: isContrary && !isMatch,
    };
    known.set(at, found);
    return found;
  }
  return {
    evidence: (a, b) => ask(a, b).evidence,
    isAlike: (a, b) => ask(a, b).isAlike,
    isApart: (a, b) => ask(a, b).isApart,
    isBlocked,
  };
}
