/** Words for what the data say. */
import type { ClaimField } from "@regulars/shared/events/claim";
import type { Cause } from "../golden/cause.ts";
import type { FieldDifference } from "../golden/difference.ts";
import type { Golden } from "../golden/golden.ts";
import { kindOfKey } from "@regulars/shared/identity/key";
import { formatCount, formatCountOf, formatTime } from "./format.ts";
import type { WriterState } from "./writers.ts";

export function lagWords(
  writer: Pick<WriterState, "journaled" | "golden" | "waitingSinceMs" | "zone">,
  nowMs: number,
): string {
  const waiting = writer.journaled - writer.golden;
  if (waiting === 0) {
    if (writer.journaled === 1) return "the one event is in golden records";
    return `all ${formatCount(writer.journaled)} events are in golden records`;
  }
  const since = writer.waitingSinceMs;
  const from = since === null ? "" : ` since ${formatTime(since, writer.zone, nowMs)}`;
  return `${formatCountOf(waiting, "event")} waiting${from}`;
}

/** What somebody should look at; empty when all is well. */
export function troubleWords(
  counts: Pick<WriterState, "forks" | "quarantined" | "refused">,
): string[] {
  return [
    ...(counts.forks > 0 ? [`${formatCountOf(counts.forks, "fork")} refused`] : []),
    ...(counts.refused > 0
      ? [formatCountOf(counts.refused, "damaged delivery", "damaged deliveries")]
      : []),
    ...(counts.quarantined > 0 ? [`${formatCount(counts.quarantined)} quarantined`] : []),
  ];
}

const KEY_WORDS: Readonly<Record<string, string>> = {
  loyalty: "Loyalty card",
  user: "Account",
  email: "E-mail",
  phone: "Phone",
  anonymous: "Browser or app",
};

export const keyWords = (key: string): string => KEY_WORDS[kindOfKey(key)] ?? kindOfKey(key);

const FIELD_WORDS: Readonly<Record<string, string>> = {
  givenName: "Given name",
  familyName: "Family name",
  email: "E-mail",
  phone: "Phone",
  loyaltyNumber: "Loyalty number",
  birthDate: "Birth date",
  address: "Address",
  country: "Country",
  language: "Language",
};

export const fieldWords = (field: string): string => FIELD_WORDS[field] ?? field;

const RULE_WORDS: Readonly<Record<string, string>> = {
  most_recent: "Most recent",
  oldest: "Oldest",
  longest: "Longest",
  source_priority: "Best source",
  most_frequent: "Said most often",
  verified_first: "Verified first",
  aggregate: "All values, newest first",
  minimum: "Smallest",
  maximum: "Largest",
  pin: "Pinned by a steward",
};

type Field = NonNullable<Golden["fields"][keyof Golden["fields"]]>;

/** By which rule a value stands, with what it had to do with others. */
export function ruleWords({ rule, pinned, group, same }: RuledField): string {
  if (pinned) return `Pinned by ${pinned.by}`;
  const words = RULE_WORDS[rule] ?? rule;
  return [
    same === undefined ? words : `${words}, ${formatCountOf(same.length + 1, "time")}`,
    ...(group === undefined ? [] : [`together as ${group}`]),
  ].join(", ");
}

type RuledField = Pick<Field, "rule" | "pinned" | "group" | "same">;

/** What has made a version of a golden record. */
export function causeWords(cause: Cause | null): string | null {
  switch (cause?.kind) {
    case "event": {
      const [source, , seq] = cause.event.split("/");
      return `with ${source} #${seq}`;
    }
    case "policy":
      return `by policy ${formatCount(cause.version)}`;
    case "decision":
      return `by decision ${cause.decision}`;
    case undefined:
      return null;
  }
}

/** What became of one field from one version to the next, in words; `wordsOf` says what of a value is shown. */
export function fieldChangeWords(
  { field, change, before, after }: FieldDifference,
  wordsOf: (field: ClaimField, value: Value) => string = (_, value) => valueWords(value),
): string {
  const name = fieldWords(field);
  const [was, is] = [before, after].map((state) => (state ? wordsOf(field, state.value) : ""));
  switch (change) {
    case "added":
      return `${name}: ${is}`;
    case "removed":
      return `${name}: ${was} → none`;
    case "value":
      return `${name}: ${was} → ${is}`;
    case "lineage": {
      const [old, now] = [before, after].map((state) => (state ? ruleWords(state) : ""));
      return old === now ? `${name}: same value, other sources` : `${name}: ${old} → ${now}`;
    }
  }
}

type Value = NonNullable<Golden["fields"][keyof Golden["fields"]]>["value"];

export function valueWords(value: Value): string {
  if (typeof value === "string") return value;
  const { line1, line2, postalCode, city, region, country } = value;
  const place = [postalCode, city].filter(Boolean).join(" ");
  return [line1, line2, place, region, country].filter(Boolean).join(", ");
}

export function nameOf(fields: Golden["fields"]): string | null {
  const parts = [fields.givenName?.value, fields.familyName?.value];
  return parts.filter((part) => typeof part === "string").join(" ") || null;
}

/** Fields, keys and consents that one version says otherwise than the version before. */
export function changeWords(now: Golden, before: Golden | null): string {
  if (before === null) return "First version";
  const fields = [...new Set([...Object.keys(now.fields), ...Object.keys(before.fields)])].filter(
    (field) => differs(fieldIn(now, field), fieldIn(before, field)),
  );
  const changes = [
    ...fields.map((field) => fieldWords(field)),
    ...(differs(now.keys, before.keys) ? ["known by"] : []),
    ...(differs(now.consents, before.consents) ? ["consents"] : []),
  ];
  return changes.join(", ") || "Source of a value";
}

const fieldIn = (golden: Golden, field: string): unknown =>
  Object.entries(golden.fields).find(([name]) => name === field)?.[1];

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);
