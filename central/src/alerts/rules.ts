/** By which alerts are opened, and when they are told: versioned settings, as a form at the console publishes them. */
import {
  numberOf,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";

export const ALERT_KINDS = [
  "store_silent",
  "gap",
  "fork",
  "over_short_trend",
  "settlement_missing",
  "quarantine_growth",
  "drift",
  "difference",
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const SEVERITIES = ["info", "warning", "serious"] as const;
export type AlertSeverity = (typeof SEVERITIES)[number];

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const base = { isOn: z.boolean(), severity: z.enum(SEVERITIES) };
const plain = z.strictObject(base);

/** `10:30` */
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time of day");

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).format(0) !== "";
  } catch {
    return false;
  }
}

export const rulesSchema = z.strictObject({
  kinds: z.strictObject({
    store_silent: plain.extend({
      /** Minutes of the store's own trading hours without a word. */
      minutes: whole(5, 24 * 60),
    }),
    gap: plain,
    fork: plain,
    over_short_trend: plain,
    settlement_missing: plain.extend({ days: whole(1, 60) }),
    quarantine_growth: plain.extend({ items: whole(1, 1_000_000), minutes: whole(5, 7 * 24 * 60) }),
    drift: plain,
    difference: plain.extend({
      /** A difference that was mended sooner is nobody's concern. */
      minutes: whole(0, 7 * 24 * 60),
    }),
  }),
  /** Serious ones are told at any hour. The same time twice: never quiet. */
  quiet: z.strictObject({ from: clock, to: clock }),
  /** In which quiet hours are meant. */
  zone: z.string().max(64).refine(isZone, "is not a zone"),
  /** Hours after which a serious alert that stands is told again; 0: never. */
  remindHours: whole(0, 7 * 24),
});
export type AlertRules = z.infer<typeof rulesSchema>;

export const DEFAULT_RULES: AlertRules = {
  kinds: {
    store_silent: { isOn: true, severity: "serious", minutes: 60 },
    gap: { isOn: true, severity: "serious" },
    fork: { isOn: true, severity: "serious" },
    over_short_trend: { isOn: true, severity: "warning" },
    settlement_missing: { isOn: true, severity: "warning", days: 3 },
    quarantine_growth: { isOn: true, severity: "warning", items: 25, minutes: 60 },
    drift: { isOn: true, severity: "info" },
    difference: { isOn: true, severity: "warning", minutes: 30 },
  },
  quiet: { from: "21:00", to: "07:00" },
  zone: "Europe/London",
  remindHours: 4,
};

export interface StandingRules {
  /** 0 before any was published. */
  readonly version: number;
  readonly rules: AlertRules;
  readonly publishedMs: number | null;
  readonly by: string | null;
}

export async function readRules(storage: Storage): Promise<StandingRules> {
  const [row] = await rowsOf(
    storage,
    `select version, rules, published_ms, "by" from alert_rules order by version desc limit 1`,
  );
  if (!row) return { version: 0, rules: DEFAULT_RULES, publishedMs: null, by: null };
  return {
    version: numberOf(row, "version"),
    rules: rulesSchema.parse(JSON.parse(textOf(row, "rules"))),
    publishedMs: numberOf(row, "published_ms"),
    by: textOf(row, "by"),
  };
}

/** Fails on its primary key where somebody else has published that version meanwhile. */
export const rulesStatement = (
  version: number,
  rules: AlertRules,
  nowMs: number,
  by: string,
): Statement => ({
  sql: `insert into alert_rules (version, rules, published_ms, "by") values (?, ?, ?, ?)`,
  args: [version, JSON.stringify(rules), nowMs, by],
});
