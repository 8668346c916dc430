/** Answers what clustering asks about two units, each question worked out once. */
import type { IdentityKey } from "@regulars/shared/ids";
import type { Judge } from "./clusters.ts";
import { comparePair } from "./compare.ts";
import type { Lexicon, Prepared } from "./prepare.ts";
import type { Scorer } from "./weigh.ts";

export function createJudge(
  records: ReadonlyMap<string, Prepared>,
  lexicon: Lexicon,
  scorer: Scorer,
  isBlocked: (key: IdentityKey) => boolean,
): Judge {
  const known = new Map<string, { weight: number; personal: number }>();
  function ask(a: string, b: string): { weight: number; personal: number } {
    const at = a < b ? `${a}\n${b}` : `${b}\n${a}`;
    const answer = known.get(at);
    if (answer) return answer;
    const [one, two] = [records.get(a), records.get(b)];
    if (!one || !two) throw new Error("a question about a unit that is not there");
    const levels = comparePair(one, two, lexicon);
    const found = {
      weight: scorer.weigh(levels, one, two).weight,
      personal: scorer.personal(levels),
    };
    known.set(at, found);
    return found;
  }
  return {
    weight: (a, b) => ask(a, b).weight,
    personal: (a, b) => ask(a, b).personal,
    isBlocked,
  };
}
