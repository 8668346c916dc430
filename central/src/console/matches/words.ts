/** Words for why two customers may be one person, or may not. */
import type { RefusalReason } from "../../matching/clusters.ts";
import type { Comparison } from "../../matching/comparisons.ts";
import type { PotentialReason } from "../../resolve/potential-priority.ts";
import type { Meanwhile } from "../../steward/seen.ts";
import { formatTime } from "../format.ts";

const COMPARISON_WORDS = {
  given: "Given name",
  middle: "Middle name",
  family: "Family name",
  suffix: "Suffix",
  birth: "Birth date",
  gender: "Gender",
  email: "E-mail",
  phone: "Phone",
  identifier: "Identity number",
  street: "Street",
  locality: "Address, second line",
  city: "City",
  region: "Region",
  postcode: "Postcode",
  birthPlace: "Birth place",
  occupation: "Occupation",
} as const satisfies Record<Comparison, string>;

export const comparisonWords = (comparison: Comparison): string => COMPARISON_WORDS[comparison];

const LEVEL_WORDS: Readonly<Record<string, string>> = {
  exact: "the same",
  nickname: "a short form of it",
  initial: "the same initial",
  close: "a slip apart",
  near: "nearly the same",
  similar: "sounds alike",
  part: "one is part of the other",
  two_parts: "two parts the same",
  year: "the same year",
  local: "the same before the @",
  road: "the same road",
  number: "the same house number",
  different: "different",
};

export const levelWords = (level: string): string => LEVEL_WORDS[level] ?? level;

const REASON_WORDS: Readonly<Record<RefusalReason | PotentialReason, string>> = {
  probability: "What they say of themselves is alike",
  unique_identifier: "Each has a card or an account of their own, and one person has one",
  too_many_values: "Together they would have more e-mails or phones than one person has",
  one_per_source: "A source that knows each customer once knows both",
  bridge: "One link would join two groups whose members disagree",
  ambiguous: "A record fits two people about equally well",
  household: "They may be two people of one household",
  weaker_key: "Only what is also somebody else's ties them",
  steward_different: "A steward has called some of them different",
  blocked_value: "What they share is nobody's, such as a shop's own address",
  value_of_many: "What they share, too many others have as well",
  shared_device: "They share no more than a browser or a device",
  too_large: "Together they would be more records than one person has",
};

export const reasonWords = (reason: RefusalReason | PotentialReason): string =>
  REASON_WORDS[reason];

/** In a column: two or three words. */
const SHORT_WORDS = {
  probability: "alike",
  unique_identifier: "two cards or accounts",
  too_many_values: "too many values",
  one_per_source: "one source, twice",
  bridge: "groups disagree",
  ambiguous: "fits two people",
  household: "one household",
  weaker_key: "weak key",
} as const satisfies Record<PotentialReason, string>;

export const shortReasonWords = (reason: PotentialReason): string => SHORT_WORDS[reason];

/** "3.2 bits for", "2.0 bits against". */
export const weightWords = (weight: number): string =>
  `${Math.abs(weight).toFixed(1)} bits ${weight < 0 ? "against" : "for"}`;

/** Odds as people say them. */
export function oddsWords(weight: number): string {
  if (weight >= 20) return "as good as certain";
  if (weight <= -20) return "as good as impossible";
  if (Math.abs(weight) < 0.1) return "as likely as not";
  const odds = 2 ** Math.abs(weight);
  const number = odds < 10 ? odds.toFixed(1) : Math.round(odds).toLocaleString("en-GB");
  return weight >= 0 ? `${number} to 1 for one person` : `${number} to 1 against it`;
}

/** What has made a decision come too late, in a sentence or two. */
export function meanwhileWords(
  meanwhile: Meanwhile | null,
  zone: string | null,
  nowMs: number,
): string {
  if (!meanwhile) return "They are not here any more.";
  const { kind, by, atMs, isOne } = meanwhile;
  const at = formatTime(atMs, zone, nowMs);
  const who = by ?? "Somebody";
  switch (kind) {
    case "same":
      return `${who} has called them the same person, at ${at}. They are one customer now.`;
    case "different":
      return `${who} has called them different people, at ${at}.`;
    case "undone":
      return `${who} has taken back a decision about them, at ${at}.`;
    case "pin":
    case "ignore":
      return `${who} has decided about a value of theirs, at ${at}.`;
    case "changed":
      return isOne
        ? `What has arrived at ${at} has made them one customer.`
        : `Something new has arrived about them, at ${at}.`;
  }
}
