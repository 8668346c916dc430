/** The ways that are set up, by the environment: secrets are not in the database. */
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import { createEmail } from "./email.ts";
import { isLoopback } from "./loopback.ts";
import type { Way } from "./ways.ts";
import { createWebhook } from "./webhook.ts";

const address = z.string().regex(/^[^@\s<>,"]+@[^@\s<>,"]+$/);

export const alertSettingsShape = {
  /** Mail server for alerts: `smtps://user:password@host`, or `smtp://` with STARTTLS. */
  REGULARS_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  REGULARS_SMTP_FROM: address.optional(),
  /** Separated by commas. */
  REGULARS_SMTP_TO: z
    .string()
    .transform((text) => text.split(",").map((each) => each.trim()))
    .pipe(z.array(address).min(1).max(LIMITS.alertRecipients))
    .optional(),
  /** Where alerts are posted to, as JSON. */
  REGULARS_ALERT_WEBHOOK_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => url.startsWith("https:") || isLoopback(new URL(url).hostname))
    .optional(),
  /** What the posts are signed with. */
  REGULARS_ALERT_WEBHOOK_SECRET: z.string().min(16).optional(),
};
export type AlertSettings = z.infer<z.ZodObject<typeof alertSettingsShape>>;

/** The name of a setting that is missing beside others, if one is. */
export function missingForAlerts(settings: AlertSettings): keyof AlertSettings | null {
  const groups = [
    ["REGULARS_SMTP_URL", "REGULARS_SMTP_FROM", "REGULARS_SMTP_TO"],
    ["REGULARS_ALERT_WEBHOOK_URL", "REGULARS_ALERT_WEBHOOK_SECRET"],
  ] as const;
  for (const group of groups) {
    const isBegun = group.some((name) => settings[name] !== undefined);
    const missing = group.find((name) => settings[name] === undefined);
    if (isBegun && missing) return missing;
  }
  return null;
}

export function waysOf(settings: AlertSettings, origin: string | null, nowMs: () => number): Way[] {
  const { REGULARS_SMTP_URL: smtp, REGULARS_SMTP_FROM: from, REGULARS_SMTP_TO: to } = settings;
  const { REGULARS_ALERT_WEBHOOK_URL: url, REGULARS_ALERT_WEBHOOK_SECRET: secret } = settings;
  return [
    ...(smtp !== undefined && from !== undefined && to
      ? [createEmail({ url: smtp, from, to, origin })]
      : []),
    ...(url !== undefined && secret !== undefined
      ? [createWebhook({ url, secret, origin, nowMs })]
      : []),
  ];
}
