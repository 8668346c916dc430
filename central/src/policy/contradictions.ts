/** What a policy says that cannot all be meant: sentences for whoever drew it up. None: it can be tried. */
import type { Policy, Rule } from "@regulars/shared/survivorship/policy";
import { keyRuleSchema, type KeyRule, type MatchingPolicy } from "../matching/policy.ts";
import type { QualityPolicy } from "../quality/policy.ts";

/** `nameOf` says a field, a kind of key or a channel in words. */
export type NameOf = (name: string) => string;

export function survivorshipContradictions(
  policy: Policy,
  sources: readonly string[],
  nameOf: NameOf,
): string[] {
  const rules: [string, Rule][] = [
    ["Every other field", policy.fallback],
    ...Object.entries(policy.fields).map(([field, rule]): [string, Rule] => [nameOf(field), rule]),
  ];
  return [
    ...rules.flatMap(([name, rule]) => ruleContradictions(name, rule, sources)),
    ...Object.entries(policy.groups).flatMap(([group, fields]) => {
      const [first, ...others] = fields;
      if (first === undefined || others.length === 0) {
        return [`The group ${group} has one field only: nothing wins together with it. Add another field, or take it out of the group.`]; // prettier-ignore
      }
      return others.flatMap((field) => {
        const own = policy.fields[field];
        const ruling = policy.fields[first] ?? policy.fallback;
        if (!own || JSON.stringify(own) === JSON.stringify(ruling)) return [];
        return [`${nameOf(field)} has a rule of its own, and wins together with ${nameOf(first)} in the group ${group}, by whose rule both are decided. Take away one of the two.`]; // prettier-ignore
      });
    }),
  ];
}

function ruleContradictions(name: string, rule: Rule, sources: readonly string[]): string[] {
  const { strategy, priority = [], then, skip = [] } = rule;
  const isOrdered = strategy === "source_priority" || then === "source_priority";
  const both = priority.filter((prefix) => skip.some((each) => prefix.startsWith(each)));
  const isNobody = sources.length > 0 && sources.every((source) => skip.some((each) => source.startsWith(each))); // prettier-ignore
  return [
    ...(isOrdered && priority.length === 0 ? [`${name}: the best source wins, but no order of sources is given.`] : []), // prettier-ignore
    ...(!isOrdered && priority.length > 0 ? [`${name}: an order of sources is given, but the rule does not go by it.`] : []), // prettier-ignore
    ...(then !== undefined && then === strategy ? [`${name}: what decides between equals is the rule itself, so it decides nothing.`] : []), // prettier-ignore
    ...(new Set(priority).size < priority.length ? [`${name}: a source stands twice in the order of sources.`] : []), // prettier-ignore
    ...(both.length > 0 ? [`${name}: ${both.join(", ")} stands in the order of sources, and never wins.`] : []), // prettier-ignore
    ...(isNobody ? [`${name}: none of the ${sources.length} sources that there are may win, so the field would be empty for everybody.`] : []), // prettier-ignore
  ];
}

/** Values as everybody has them: who calls these nobody's calls everybody so. */
const USUAL: Readonly<Record<string, readonly string[]>> = {
  loyalty: ["7312948056", "LC-20417"],
  email: ["ada.lovelace@example.com", "j.smith84@example.org"],
  phone: ["+441632960147", "+4915735998460"],
};

export function matchingContradictions(
  policy: MatchingPolicy,
  kinds: readonly string[],
  nameOf: NameOf,
): string[] {
  const rules = Object.entries(policy.keys);
  const unknown = rules.filter(([kind]) => !kinds.includes(kind));
  const personal = rules.filter(([, rule]) => rule.device !== true);
  return [
    ...(unknown.length > 0 ? [`${unknown.length === 1 ? "A kind of key is" : `${unknown.length} kinds of keys are`} not known here: known are ${kinds.join(", ")}.`] : []), // prettier-ignore
    ...(personal.every(([, { strength }]) => strength === 0) ? ["No kind of key proves anything, so no two records of anybody would be joined by one."] : []), // prettier-ignore
    ...rules.flatMap(([kind, rule]) => keyContradictions(nameOf(kind), rule)),
    ...Object.entries(policy.blocked).flatMap(([kind, patterns]) =>
      patterns.flatMap((pattern, at) =>
        (USUAL[kind] ?? []).some((value) => new RegExp(pattern, "u").test(value))
          ? [`${nameOf(kind)}: pattern ${at + 1} of values that are nobody's fits an ordinary value, so it would be nobody's as well.`] // prettier-ignore
          : [],
      ),
    ),
  ];
}

function keyContradictions(name: string, rule: KeyRule): string[] {
  const { strength, unique, limit, device = false } = keyRuleSchema.parse(rule);
  return [
    ...(unique && limit !== null && limit.values > 1 ? [`${name}: a person has one for life, and may have ${limit.values}. Either it is not unique, or the limit is 1.`] : []), // prettier-ignore
    ...(strength === 0 && unique ? [`${name}: it proves nothing, and tells two people apart. What proves nothing can do neither.`] : []), // prettier-ignore
    ...(device && unique ? [`${name}: a device joins nobody, so that a person has one of it for life cannot hold.`] : []), // prettier-ignore
  ];
}

export function qualityContradictions(
  { required, thresholds }: QualityPolicy,
  nameOf: NameOf,
): string[] {
  const asked = Object.entries(required).flatMap(([channel, fields]) =>
    Object.entries(fields).map(([field, share]) => ({ channel, field, share })),
  );
  return [
    ...asked
      .filter(({ share }) => share === 0)
      .map(({ channel, field }) => `${nameOf(channel)}: ${nameOf(field)} is asked for in none of the cases. Leave it empty, if it is not required.`), // prettier-ignore
    ...asked
      .filter(({ share }) => share > thresholds.accepted)
      .map(({ channel, field, share }) => `${nameOf(channel)}: ${nameOf(field)} is asked for in ${percent(share)} of what was received, but only ${percent(thresholds.accepted)} of it have to be of use at all.`), // prettier-ignore
  ];
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;
