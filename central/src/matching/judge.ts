/** Answers what clustering asks about two units, each question worked out once. */
import type { IdentityKey } from "@regulars/shared/ids";
import type { Judge } from "./clusters.ts";
import { comparePair } from "./compare.ts";
import type { Lexicon, Prepared } from "./prepare.ts";
import { CONFLICT, type Scorer } from "./weigh.ts";
import type { Comparison } from "./comparisons.ts";

interface Answer {
  readonly evidence: number;
  readonly isAlike: boolean;
  readonly isApart: boolean;
  readonly isDoubtful: boolean;
  readonly isSilent: boolean;
  readonly contrary: readonly Comparison[];
  readonly silent: readonly Comparison[];
}

/** Bits that only a birth date gives beside a given name. */
const SAME_BIRTH = 9;

export function createJudge(
  records: Pick<ReadonlyMap<string, Prepared>, "get">,
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
    const { weight, prior } = scorer.weigh(levels, one);
    const isMatch = weight >= scorer.model.thresholds.match;
    const { sum, least, isOtherFamily, isSilent, contrary, silent } = scorer.personal(levels);
    const isContrary = least <= CONFLICT;
    const found = {
      evidence: weight - prior,
      isAlike: isMatch || (!isContrary && !isOtherFamily && sum > 0),
      isApart: isContrary && !isMatch,
      contrary,
      silent,
      isSilent: isSilent && !isMatch,
      isDoubtful: isOtherFamily && !isMatch && sum < SAME_BIRTH,
    };
    known.set(at, found);
    return found;
  }
  return {
    evidence: (a, b) => ask(a, b).evidence,
    isAlike: (a, b) => ask(a, b).isAlike,
    isApart: (a, b) => ask(a, b).isApart,
    isDoubtful: (a, b) => ask(a, b).isDoubtful,
    isSilent: (a, b) => ask(a, b).isSilent,
    isNamed: (id) => records.get(id)?.given !== null,
    cannotTell(record, one, two) {
      const { isApart, contrary } = ask(one, two);
      if (!isApart) return false;
      const { silent } = ask(record, one);
      return contrary.length > 0 && contrary.every((name) => silent.includes(name));
    },
    isBlocked,
  };
}
