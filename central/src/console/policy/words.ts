/** Policies in words, and what differs between two of them. */
import { CLAIM_FIELDS } from "@regulars/shared/events/claim";
import type { Policy, Rule } from "@regulars/shared/survivorship/policy";
import type { KeyRule, MatchingPolicy } from "../../matching/policy.ts";
import type { PolicyKind } from "../../policy/tries.ts";
import type { QualityPolicy } from "../../quality/policy.ts";
import { formatCount, formatCountOf } from "../format.ts";
import { qualityFieldWords, shareWords, wayWords } from "../quality/words.ts";
import { fieldWords } from "../words.ts";

export const KIND_NAMES: Readonly<Record<PolicyKind, string>> = {
  survivorship: "Which value stands",
  matching: "Who is one customer",
  quality: "What must be there",
};
export const KIND_WORDS: Readonly<Record<PolicyKind, string>> = {
  survivorship:
    "Tills, web shop and imports say different things about one person. These rules say, field by field, whose word stands in the golden record.",
  matching:
    "What a shared card, e-mail or phone proves, and what protects two people from being taken for one.",
  quality:
    "Which fields each channel has to bring, and from where on somebody is alerted. It changes what is complained of, never what is counted.",
};

const STRATEGY_WORDS: Readonly<Record<Rule["strategy"], string>> = {
  most_recent: "said last",
  oldest: "said first",
  longest: "longest",
  source_priority: "of the best source",
  most_frequent: "said most often",
  verified_first: "checked before unchecked",
  aggregate: "all of them, newest first",
  minimum: "smallest",
  maximum: "largest",
};
export const strategyWords = (strategy: Rule["strategy"]): string => STRATEGY_WORDS[strategy];

export function ruleSentence({ strategy, priority = [], then, skip = [] }: Rule): string {
  const order = priority.length > 0 ? ` (${priority.join(", then ")})` : "";
  return [
    `The value ${strategyWords(strategy)}${order}`,
    ...(then ? [`between equals the one ${strategyWords(then)}`] : []),
    ...(skip.length > 0 ? [`never of ${skip.join(", ")}`] : []),
  ].join("; ");
}

const KEY_KIND_WORDS: Readonly<Record<string, string>> = {
  loyalty: "Loyalty card",
  user: "Account of web shop or app",
  email: "E-mail",
  phone: "Phone",
  anonymous: "Browser or app",
};
export const keyKindWords = (kind: string): string => KEY_KIND_WORDS[kind] ?? "A kind of key";

export function keySentence({ strength, unique, limit, people, device = false }: KeyRule): string {
  if (strength === 0) return "Proves nothing";
  const most = limit
    ? `at most ${formatCount(limit.values)}${limit.days === null ? "" : ` within ${formatCountOf(limit.days, "day")}`} a person`
    : "any number a person";
  return [
    device ? "Ties what is known by nothing better" : `Joins, with strength ${strength} of 9`,
    unique ? "two different ones are two people" : most,
    `seen on more than ${formatCountOf(people, "person", "people")} it proves nothing`,
  ].join("; ");
}

export interface Sentence {
  readonly name: string;
  readonly text: string;
}

export const survivorshipSentences = (policy: Policy): Sentence[] => [
  ...CLAIM_FIELDS.flatMap((field): Sentence[] => {
    const rule = policy.fields[field];
    return rule ? [{ name: fieldWords(field), text: ruleSentence(rule) }] : [];
  }),
  { name: "Every other field", text: ruleSentence(policy.fallback) },
  ...Object.entries(policy.groups).map(([group, fields]) => ({
    name: `Together as ${group}`,
    text: `${fields.map(fieldWords).join(", ")} are of one source record, by the rule of the first`,
  })),
];

export const matchingSentences = (policy: MatchingPolicy): Sentence[] => [
  ...Object.entries(policy.keys).map(([kind, rule]) => ({
    name: keyKindWords(kind),
    text: keySentence(rule),
  })),
  ...Object.entries(policy.blocked).map(([kind, patterns]) => ({
    name: `${keyKindWords(kind)} of nobody`,
    text: formatCountOf(patterns.length, "pattern"),
  })),
  {
    name: "Know each customer once",
    text: policy.onePerSource.length === 0 ? "No source" : policy.onePerSource.join(", "),
  },
  { name: "One link between two groups", text: `Joins them if their members agree by ${policy.bridge} bits or more on average` }, // prettier-ignore
  { name: "Fits two people", text: `Belongs to neither, if the second is worse by less than ${policy.ambiguity} bits` }, // prettier-ignore
  { name: "Largest customer", text: formatCountOf(policy.clusterMax, "source record") },
];

export const qualitySentences = ({ required, thresholds }: QualityPolicy): Sentence[] => [
  ...Object.entries(required).flatMap(([channel, fields]) => {
    const asked = Object.entries(fields);
    if (asked.length === 0) return [];
    const text = asked.map(([field, share]) => `${qualityFieldWords(field)} in ${shareWords(share)}`); // prettier-ignore
    return [{ name: wayWords(channel), text: text.join("; ") }];
  }),
  { name: "Of use", text: `At least ${shareWords(thresholds.accepted)} of what a channel sends in a day` }, // prettier-ignore
  { name: "Drift", text: `More than ${thresholds.drift} usual spreads away from the 28 days before` }, // prettier-ignore
  { name: "Potential matches", text: `At most ${formatCount(thresholds.potentialPer1000)} per 1,000 customers` }, // prettier-ignore
  { name: "Customers joined", text: `At most ${formatCount(thresholds.mergesPerDay)} a day` },
  { name: "Receipts found twice", text: `At most ${formatCount(thresholds.receiptsTwicePerDay)} a day` }, // prettier-ignore
];

export interface PolicyDifference {
  /** Steps to it, such as `fields · email · strategy`. */
  readonly at: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What one says otherwise than the other, place by place; the version is no difference. */
export function policyDifference(before: unknown, after: unknown): PolicyDifference[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((at) => at !== "version" && was.get(at) !== is.get(at))
    .toSorted()
    .map((at) => ({ at, before: was.get(at) ?? null, after: is.get(at) ?? null }));
}

function leavesOf(value: unknown, at: readonly string[] = []): Map<string, string> {
  const isList = Array.isArray(value);
  if (isList || typeof value !== "object" || value === null) {
    const text = isList ? value.map(String).join(", ") : String(value);
    return new Map([[at.join(" · "), text]]);
  }
  return new Map(
    Object.entries(value).flatMap(([name, each]) => [...leavesOf(each, [...at, name])]),
  );
}

const STEP_WORDS: Readonly<Record<string, string>> = {
  fields: "",
  keys: "",
  thresholds: "",
  fallback: "Every other field",
  strategy: "rule",
  // oxlint-disable-next-line unicorn/no-thenable -- words of a rule, which nobody awaits
  then: "between equals",
  priority: "order of sources",
  skip: "never of",
  groups: "Together",
  required: "",
  strength: "strength",
  unique: "two are two people",
  limit: "at most",
  values: "how many",
  days: "within days",
  people: "proves nothing on more than",
  device: "a device",
  blocked: "Values of nobody",
  onePerSource: "Know each customer once",
  bridge: "One link between two groups",
  ambiguity: "Fits two people within",
  clusterMax: "Largest customer",
  accepted: "Of use",
  drift: "Drift",
  potentialPer1000: "Potential matches per 1,000",
  mergesPerDay: "Customers joined a day",
  receiptsTwicePerDay: "Receipts found twice a day",
};

/** A place of a difference, as the form names it. */
export const placeWords = (at: string): string =>
  at
    .split(" · ")
    .map((step) => STEP_WORDS[step] ?? wayOrField(step))
    .filter((words) => words !== "")
    .join(" · ");

function wayOrField(step: string): string {
  const way = wayWords(step);
  if (way !== step) return way;
  const field = qualityFieldWords(step);
  if (field !== step) return field;
  return KEY_KIND_WORDS[step] ?? step;
}

/** A value of a difference in words, where it is a name of ours. */
export const sideWords = (side: string | null): string | null =>
  Object.entries(STRATEGY_WORDS).find(([strategy]) => strategy === side)?.[1] ?? side;
