/** From a form, a text or a file to a policy: or the sentences that say why it is none. */
import { CLAIM_FIELDS } from "@regulars/shared/events/claim";
import { KEY_KINDS } from "@regulars/shared/identity/key";
import { zodErrorToProblem } from "@regulars/shared/problem";
import { policySchema } from "@regulars/shared/survivorship/policy";
import type { z } from "zod";
import { matchingPolicySchema } from "../../matching/policy.ts";
import {
  matchingContradictions,
  qualityContradictions,
  survivorshipContradictions,
} from "../../policy/contradictions.ts";
import type { PolicyKind } from "../../policy/tries.ts";
import { CHANNELS, QUALITY_FIELDS } from "../../quality/fields.ts";
import { qualityPolicySchema } from "../../quality/policy.ts";
import { qualityFieldWords, wayWords } from "../quality/words.ts";
import { fieldWords } from "../words.ts";
import { keyKindWords } from "./words.ts";

/** As `parseBody` gives it; of several of one name the last. */
export type Fields = Readonly<Record<string, unknown>>;

export type Draft =
  | { readonly ok: true; readonly policy: { readonly version: number } }
  | { readonly ok: false; readonly words: readonly string[]; readonly candidate: unknown };

const text = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === "string" ? value.trim() : "";
};
const isOn = (fields: Fields, name: string): boolean => text(fields, name) !== "";
/** NaN for what is none, which no schema takes. */
const number = (fields: Fields, name: string): number => {
  const value = text(fields, name);
  return value === "" ? Number.NaN : Number(value);
};
const list = (fields: Fields, name: string): string[] =>
  text(fields, name)
    .split(/[\s,]+/)
    .filter((each) => each !== "");
const lines = (fields: Fields, name: string): string[] =>
  text(fields, name)
    .split(/\r?\n/)
    .map((each) => each.trim())
    .filter((each) => each !== "");

/** What the form says, in the shape of a policy. `before` is what it was drawn from: groups keep their order. */
export function candidateOf(kind: PolicyKind, fields: Fields, before: unknown): unknown {
  switch (kind) {
    case "survivorship":
      return survivorshipOf(fields, policySchema.parse(before).groups);
    case "matching":
      return matchingOf(fields);
    case "quality":
      return qualityOf(fields);
  }
}

function ruleFrom(fields: Fields, name: string): object {
  const [priority, skip, then] = [list(fields, `${name}.priority`), list(fields, `${name}.skip`), text(fields, `${name}.then`)]; // prettier-ignore
  return {
    strategy: text(fields, `${name}.strategy`),
    ...(priority.length > 0 ? { priority } : {}),
    // oxlint-disable-next-line unicorn/no-thenable -- a rule, which nobody awaits
    ...(then === "" ? {} : { then }),
    ...(skip.length > 0 ? { skip } : {}),
  };
}

function survivorshipOf(
  fields: Fields,
  before: Readonly<Record<string, readonly string[]>>,
): object {
  const ruled = CLAIM_FIELDS.filter((field) => text(fields, `${field}.strategy`) !== "");
  const groups = Map.groupBy(CLAIM_FIELDS, (field) => text(fields, `${field}.group`));
  groups.delete("");
  return {
    fallback: ruleFrom(fields, "fallback"),
    fields: Object.fromEntries(ruled.map((field) => [field, ruleFrom(fields, field)])),
    groups: Object.fromEntries(
      [...groups].map(([name, members]) => {
        const old = Object.entries(before).find(([each]) => each === name)?.[1] ?? [];
        const placeOf = (field: string): number => {
          const place = old.indexOf(field);
          return place === -1 ? old.length : place;
        };
        return [name, members.toSorted((a, b) => placeOf(a) - placeOf(b))];
      }),
    ),
  };
}

function matchingOf(fields: Fields): object {
  const keyOf = (kind: string): object => {
    const values = text(fields, `${kind}.values`);
    const days = text(fields, `${kind}.days`);
    const limit = { values: Number(values), days: days === "" ? null : Number(days) };
    return {
      strength: number(fields, `${kind}.strength`),
      unique: isOn(fields, `${kind}.unique`),
      limit: values === "" ? null : limit,
      people: number(fields, `${kind}.people`),
      ...(isOn(fields, `${kind}.device`) ? { device: true } : {}),
    };
  };
  const blocked = KEY_KINDS.map((kind) => [kind, lines(fields, `${kind}.blocked`)] as const);
  return {
    keys: Object.fromEntries(KEY_KINDS.map((kind) => [kind, keyOf(kind)])),
    blocked: Object.fromEntries(blocked.filter(([, patterns]) => patterns.length > 0)),
    onePerSource: list(fields, "onePerSource"),
    bridge: number(fields, "bridge"),
    ambiguity: number(fields, "ambiguity"),
    clusterMax: number(fields, "clusterMax"),
  };
}

function qualityOf(fields: Fields): object {
  const shareOf = (name: string): number => Number((number(fields, name) / 100).toFixed(6));
  return {
    required: Object.fromEntries(
      CHANNELS.map((channel) => [
        channel,
        Object.fromEntries(
          QUALITY_FIELDS.filter((field) => isOn(fields, `${channel}.${field}`)).map((field) => [
            field,
            shareOf(`${channel}.${field}`),
          ]),
        ),
      ]),
    ),
    thresholds: {
      accepted: shareOf("accepted"),
      drift: number(fields, "drift"),
      potentialPer1000: number(fields, "potentialPer1000"),
      mergesPerDay: number(fields, "mergesPerDay"),
      receiptsTwicePerDay: number(fields, "receiptsTwicePerDay"),
    },
  };
}

/** JSON in a text field or a file; null where it is none. */
export function candidateOfText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null; // said in words by the draft
  }
}

/** The version is always the next one: who publishes does not number. */
export function draftOf(
  kind: PolicyKind,
  candidate: unknown,
  { version, sources }: { readonly version: number; readonly sources: readonly string[] },
): Draft {
  if (typeof candidate !== "object" || candidate === null || Array.isArray(candidate)) {
    return { ok: false, words: ["This is not a policy: it cannot be read as JSON."], candidate };
  }
  const numbered = { ...candidate, version };
  switch (kind) {
    case "survivorship":
      return checked(policySchema.safeParse(numbered), candidate, (policy) =>
        survivorshipContradictions(policy, sources, fieldWords),
      );
    case "matching":
      return checked(matchingPolicySchema.safeParse(numbered), candidate, (policy) =>
        matchingContradictions(policy, KEY_KINDS, keyKindWords),
      );
    case "quality":
      return checked(qualityPolicySchema.safeParse(numbered), candidate, (policy) =>
        qualityContradictions(policy, (name) =>
          CHANNELS.some((channel) => channel === name) ? wayWords(name) : qualityFieldWords(name),
        ),
      );
  }
}

function checked<Policy extends { readonly version: number }>(
  parsed: z.ZodSafeParseResult<Policy>,
  candidate: unknown,
  contradictionsOf: (policy: Policy) => readonly string[],
): Draft {
  if (!parsed.success) {
    const { errors = [] } = zodErrorToProblem(parsed.error);
    return {
      ok: false,
      words: errors.map(({ field, reason }) => `${field} ${reason}.`),
      candidate,
    };
  }
  const words = contradictionsOf(parsed.data);
  return words.length > 0 ? { ok: false, words, candidate } : { ok: true, policy: parsed.data };
}
