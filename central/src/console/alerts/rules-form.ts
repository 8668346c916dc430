/** The rules of alerts as the fields of a form, and back. */
import {
  ALERT_KINDS,
  type AlertKind,
  type AlertRules,
  DEFAULT_RULES,
  rulesSchema,
} from "../../alerts/rules.ts";
import type { z } from "zod";

/** Text by the name of the field, as a browser sends it: `gap.severity`, `store_silent.minutes`, `quiet.from`. */
export type RuleFields = Readonly<Record<string, string>>;

export interface Threshold {
  readonly name: "minutes" | "days" | "items";
  readonly label: string;
}

/** What is asked for besides whether and how serious. */
export const THRESHOLDS: Readonly<Record<AlertKind, readonly Threshold[]>> = {
  store_silent: [{ name: "minutes", label: "Minutes of trading hours without a word" }],
  gap: [],
  fork: [],
  over_short_trend: [],
  settlement_missing: [{ name: "days", label: "Days after the business day" }],
  quarantine_growth: [
    { name: "items", label: "Items" },
    { name: "minutes", label: "Within minutes" },
  ],
  drift: [],
  difference: [{ name: "minutes", label: "Minutes that it may take to mend" }],
};

export function fieldsOf({ kinds, quiet, zone, remindHours }: AlertRules): RuleFields {
  const fields: Record<string, string> = {
    "quiet.from": quiet.from,
    "quiet.to": quiet.to,
    zone,
    remindHours: String(remindHours),
  };
  for (const kind of ALERT_KINDS) {
    const rule: Readonly<Record<string, unknown>> = kinds[kind];
    fields[`${kind}.severity`] = kinds[kind].severity;
    if (kinds[kind].isOn) fields[`${kind}.isOn`] = "on";
    for (const { name } of THRESHOLDS[kind]) fields[`${kind}.${name}`] = String(rule[name]);
  }
  return fields;
}

export type ReadRules =
  | { readonly ok: true; readonly rules: AlertRules }
  /** By the name of the field, in words. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

export function readRuleFields(fields: RuleFields): ReadRules {
  const kinds = Object.fromEntries(
    ALERT_KINDS.map((kind) => [
      kind,
      {
        isOn: fields[`${kind}.isOn`] === "on",
        severity: fields[`${kind}.severity`],
        ...Object.fromEntries(
          // Empty is nothing, and not nought.
          THRESHOLDS[kind].map(({ name }) => [
            name,
            fields[`${kind}.${name}`]?.trim() || undefined,
          ]),
        ),
      },
    ]),
  );
  const read = rulesSchema.safeParse({
    kinds,
    quiet: { from: fields["quiet.from"], to: fields["quiet.to"] },
    zone: fields["zone"],
    remindHours: fields["remindHours"]?.trim() || undefined,
  });
  if (read.success) return { ok: true, rules: read.data };
  const errors = read.error.issues.map((issue) => [fieldOf(issue), wordsOf(issue)] as const);
  return { ok: false, errors: Object.fromEntries(errors) };
}

const fieldOf = ({ path }: z.core.$ZodIssue): string =>
  (path[0] === "kinds" ? path.slice(1) : path).map(String).join(".");

function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "too_small":
      return `Has to be at least ${String(issue.minimum)}.`;
    case "too_big":
      return `Has to be at most ${String(issue.maximum)}.`;
    case "invalid_type":
    case "invalid_value":
      return "Has to be a whole number.";
    case "invalid_format":
      return "Has to be a time of day, such as 21:00.";
    case "custom":
      return "Has to be a zone, such as Europe/London.";
    default:
      return "Cannot be used.";
  }
}

export const DEFAULT_FIELDS = fieldsOf(DEFAULT_RULES);
