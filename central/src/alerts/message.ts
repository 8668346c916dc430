/** What a message says: for people as text, for programs as JSON. Neither holds personal data (SEC2). */
import { z } from "zod";
import { ALERT_KINDS, SEVERITIES } from "./rules.ts";

export const MOMENTS = ["opened", "reminded", "ended"] as const;

const itemSchema = z.object({
  alert: z.int(),
  kind: z.enum(ALERT_KINDS),
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  moment: z.enum(MOMENTS),
  words: z.string(),
  href: z.string(),
  openedMs: z.int(),
  endedMs: z.int().nullable(),
});
export const contentSchema = z.object({ isTest: z.boolean(), items: z.array(itemSchema) });
export type MessageItem = z.infer<typeof itemSchema>;
export type MessageContent = z.infer<typeof contentSchema>;

export const TEST: MessageContent = { isTest: true, items: [] };

const HEADS = {
  opened: "New",
  reminded: "Still so",
  ended: "Over",
} as const;

/** "2 new alerts, 1 over" */
export function subjectOf({ isTest, items }: MessageContent): string {
  if (isTest) return "Regulars: a test message";
  const [only] = items;
  if (items.length === 1 && only)
    return `Regulars: ${HEADS[only.moment].toLowerCase()}: ${only.words}`.slice(0, 160);
  const counts = MOMENTS.flatMap((moment) => {
    const count = items.filter((item) => item.moment === moment).length;
    return count === 0 ? [] : [`${count} ${HEADS[moment].toLowerCase()}`];
  });
  const isSerious = items.some(
    ({ severity, moment }) => severity === "serious" && moment !== "ended",
  );
  return `Regulars: ${counts.join(", ")}${isSerious ? " – serious ones among them" : ""}`;
}

/** `origin`: where the console is; null where nobody has said. */
export function textOf({ isTest, items }: MessageContent, origin: string | null): string {
  if (isTest) return "This is a test. Alerts of Regulars arrive here.\n";
  const parts = MOMENTS.flatMap((moment) => {
    const own = items
      .filter((item) => item.moment === moment)
      .toSorted((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
    return own.length === 0
      ? []
      : [`${HEADS[moment]}\n\n${own.map((item) => lineOf(item, origin)).join("\n")}`];
  });
  const all = origin === null ? "" : `\nAll alerts: ${origin}/alerts\n`;
  return `${parts.join("\n\n")}\n${all}`;
}

function lineOf(
  { severity, moment, words, href, openedMs, endedMs }: MessageItem,
  origin: string | null,
): string {
  const mark = severity === "serious" && moment !== "ended" ? "! " : "- ";
  const since = `since ${timeOf(openedMs)}${endedMs === null ? "" : ` until ${timeOf(endedMs)}`}`;
  return `${mark}${words} (${since})${origin === null ? "" : `\n  ${origin}${href}`}`;
}

const timeOf = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What a webhook is sent. */
export function jsonOf(
  id: string,
  { isTest, items }: MessageContent,
  origin: string | null,
): string {
  return JSON.stringify({
    id,
    type: isTest ? "test" : "alerts",
    alerts: items.map(({ alert, href, openedMs, endedMs, ...item }) => ({
      alert,
      ...item,
      openedAt: new Date(openedMs).toISOString(),
      endedAt: endedMs === null ? null : new Date(endedMs).toISOString(),
      url: origin === null ? null : `${origin}${href}`,
    })),
  });
}
