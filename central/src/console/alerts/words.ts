/** Alerts, differences and messages in words. */
import { type AlertKind, ALERT_KINDS } from "../../alerts/rules.ts";
import { FAILURES, isFailure, type WayName } from "../../alerts/ways.ts";
import type { DifferenceKind, Repair } from "../../compare/differences.ts";
import { WHAT_DIFFERS, type WhatDiffers } from "../../compare/verdict.ts";

interface KindWords {
  readonly name: string;
  /** When it is opened, under its name in the form. */
  readonly when: string;
}

export const KIND_WORDS: Readonly<Record<AlertKind, KindWords>> = {
  store_silent: {
    name: "Store silent",
    when: "Nothing has come from a store in hours in which it usually sells. Its hours are learned from what it has sold.",
  },
  gap: { name: "Gap", when: "Rows of a till's journal are missing at the centre." },
  fork: { name: "Fork", when: "Two machines have written under the same number." },
  over_short_trend: {
    name: "Over or short, again and again",
    when: "The same drawer or person was over or short in several shifts.",
  },
  settlement_missing: {
    name: "Settlement missing",
    when: "Card payments of a business day are in no file of the processor yet.",
  },
  quarantine_growth: {
    name: "Much set aside",
    when: "More than usual could not be used and waits at the intake desk.",
  },
  drift: { name: "Data quality", when: "A measure of data quality is past its threshold." },
  difference: {
    name: "Edge and centre differ",
    when: "A customer or a journal is not the same on both sides, and could not be mended.",
  },
};

export const kindName = (kind: string): string => {
  const known = ALERT_KINDS.find((each) => each === kind);
  return known ? KIND_WORDS[known].name : kind;
};

export const WAY_NAMES: Readonly<Record<WayName, string>> = { email: "E-mail", webhook: "Webhook" };

export const wayName = (way: string): string =>
  way === "email" ? WAY_NAMES.email : way === "webhook" ? WAY_NAMES.webhook : way;

/** "The mail server refused the sign-in." */
export function failureWords(way: string, failure: string): string {
  const who = way === "email" ? "The mail server" : "The webhook";
  return `${who} ${isFailure(failure) ? FAILURES[failure] : FAILURES.other}.`;
}

export const DIFFERENCE_NAMES: Readonly<Record<DifferenceKind, string>> = {
  profile: "Profile",
  golden: "Golden record",
  journal: "Journal",
};

const WHAT: Readonly<Record<WhatDiffers, string>> = {
  fragments: "one side has fragments that the other has not",
  profile: "the edge serves another profile than its fragments make",
  unreadable: "what the edge has stored is damaged",
  shown: "apps are shown something else than the profile says",
  policy: "the edge goes by an older policy",
  version: "the edge has not heard of the newest version",
  golden_record: "the golden record is not what its source records make",
  not_at_edge: "the edge has nothing of the customer",
  not_at_centre: "the centre has nothing of the customer",
  redirect: "the id lives on under another one on one side alone",
};

/** Of a journal: "missing here till-1/1/57". */
export function whatWords(what: string): string {
  const known = WHAT_DIFFERS.find((each) => each === what);
  if (known) return WHAT[known];
  const [kind = "", row = ""] = what.split(" ");
  return kind === "missing_here"
    ? `from ${row} on rows are missing here`
    : `${row} is another row here`;
}

const DONE: Readonly<Record<Repair, string>> = {
  told_again: "told the edge again what was decided",
  rebuilt_at_edge: "had the edge make the profile anew",
  given_back: "gave the edge back what it had lost",
  golden_anew: "derived the golden record anew",
  taken_anew: "took the edge's word again",
  filled_in: "filled the rows in from the edge",
  till_archive: "the rows are in the till's archive alone: fetch them there",
};
export const doneWords = (done: readonly Repair[]): string =>
  done.map((each) => DONE[each]).join("; ");
