/** Values that are nobody's, found by how they are used: a birth date that a form begins with, a phone that a till fills in. */
import type { Features } from "./features.ts";
import type { Model } from "./model.ts";

/** A day on which more than this share of all people were born is none; one in 20,000 would be usual. */
const BIRTH_SHARE = 0.002;
const BIRTH_RECORDS = 10;
/** A mailbox or a number of more families than this is none's. */
const FAMILIES = 5;

type Blanks = Model["blanks"];

export function blanksOf(records: readonly Features[]): Blanks {
  return {
    birth: commonBirths(records),
    email: valuesOfMany(records, "email"),
    phone: valuesOfMany(records, "phone"),
  };
}

export function withoutBlanks(features: Features, blanks: Blanks): Features {
  const { birth, email, phone } = features;
  const isBlank =
    (birth !== "" && blanks.birth.includes(birth)) ||
    (email !== "" && blanks.email.includes(email)) ||
    (phone !== "" && blanks.phone.includes(phone));
  if (!isBlank) return features;
  return {
    ...features,
    birth: blanks.birth.includes(birth) ? "" : birth,
    email: blanks.email.includes(email) ? "" : email,
    phone: blanks.phone.includes(phone) ? "" : phone,
  };
}

function commonBirths(records: readonly Features[]): string[] {
  const counts = new Map<string, number>();
  let known = 0;
  for (const { birth } of records) {
    if (birth.length !== 10) continue;
    known++;
    counts.set(birth, (counts.get(birth) ?? 0) + 1);
  }
  const least = Math.max(BIRTH_RECORDS, known * BIRTH_SHARE);
  // Only the first of a month: no form begins with the 17th.
  return [...counts]
    .filter(([birth, count]) => count >= least && birth.endsWith("-01"))
    .map(([birth]) => birth)
    .toSorted();
}

function valuesOfMany(records: readonly Features[], field: "email" | "phone"): string[] {
  const families = new Map<string, Set<string>>();
  for (const features of records) {
    const value = features[field];
    const family = features.family.join(" ");
    if (value === "" || family === "") continue;
    const known = families.get(value) ?? new Set();
    families.set(value, known.add(family));
  }
  return [...families]
    .filter(([, { size }]) => size > FAMILIES)
    .map(([value]) => value)
    .toSorted();
}
