/** Alerts, messages and differences as a month of a retailer leaves them, for pages of tests. */
import type { Statement } from "@regulars/shared/storage/port";
import type { Condition } from "../alerts/conditions.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

type Seed = readonly [
  kind: Condition["kind"],
  subject: string,
  severity: Condition["severity"],
  words: string,
  href: string,
];

const STANDING: readonly Seed[] = [
  ["store_silent", "store-7", "serious", "Store store-7 has sent nothing for more than 1 hour of its trading hours.", "/sources?store=store-7"],
  ["gap", "store-12", "serious", "Store store-12 has 3 gaps in the journals, the first of 2026-11-19.", "/exceptions?store=store-12&kind=gap"],
  ["over_short_trend", "store-3", "warning", "Store store-3 has 1 drawer that is over or short again and again, the first of 2026-11-14.", "/exceptions?store=store-3&kind=over_short_trend"],
  ["settlement_missing", "store-5", "warning", "Store store-5 has no settlement file of 2 business days yet, the first 2026-11-16.", "/settlement?store=store-5"],
  ["difference", "profiles", "warning", "Edge and centre differ in 2 customers, and it could not be mended.", "/alerts/differences"],
  ["drift", "email/web-uk", "info", "E-mail addresses of web-uk fell to 61 % on 2026-11-20. Usual are 83 %.", "/quality"],
]; // prettier-ignore

const insert = (
  [kind, subject, severity, words, href]: Seed,
  openedMs: number,
  endedMs: number | null,
): Statement => ({
  sql: "insert into alert (kind, subject, severity, words, href, opened_ms, ended_ms, reminders) values (?, ?, ?, ?, ?, ?, ?, ?)",
  args: [
    kind,
    subject,
    severity,
    words,
    href,
    openedMs,
    endedMs,
    severity === "serious" && endedMs === null ? 2 : 0,
  ],
});

const itemsOf = (count: number, openedMs: number) =>
  STANDING.slice(0, count).map(([kind, subject, severity, words, href], alert) => ({
    alert, kind, subject, severity, moment: "opened", words, href, openedMs, endedMs: null,
  })); // prettier-ignore

const message = (n: number, way: string, createdMs: number, end: "taken" | "waiting" | "given_up" | "tested"): Statement => ({
  sql: `insert into alert_message (n, id, way, content, created_ms, attempts, next_ms, delivered_ms, given_up_ms, failure)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  args: [
    n, `message-${n}`, way, JSON.stringify({ isTest: end === "tested", items: itemsOf(end === "tested" ? 0 : 1 + (n % 4), createdMs) }), createdMs,
    end === "waiting" ? 4 : end === "given_up" ? 150 : 1, createdMs + MINUTE_MS,
    end === "taken" || end === "tested" ? createdMs + 2_000 : null,
    end === "given_up" ? createdMs + 2 * DAY_MS : null,
    end === "waiting" ? "busy" : end === "given_up" ? "no_tls" : null,
  ],
}); // prettier-ignore

const difference = (kind: string, subject: string, what: readonly string[], done: readonly string[], foundMs: number, repairedMs: number | null): Statement => ({
  sql: "insert into difference (kind, subject, detail, found_ms, repaired_ms) values (?, ?, ?, ?, ?)",
  args: [kind, subject, JSON.stringify({ what, edge: "a".repeat(64), centre: "b".repeat(64), done, tries: repairedMs === null ? 5 : 1 }), foundMs, repairedMs],
}); // prettier-ignore

export function seedAlerts(nowMs: number): Statement[] {
  const past = Array.from({ length: 70 }, (_, n): Statement => {
    const openedMs = nowMs - (75 - n) * 9 * 60 * MINUTE_MS;
    const seed: Seed =
      n % 3 === 0
        ? ["quarantine_growth", "quarantine", "warning", `${26 + n} items were set aside within 1 hour.`, "/intake"]
        : ["store_silent", `store-${n % 40}`, "serious", `Store store-${n % 40} has sent nothing for more than 1 hour of its trading hours.`, `/sources?store=store-${n % 40}`]; // prettier-ignore
    return insert(seed, openedMs, openedMs + (20 + n * 3) * MINUTE_MS);
  });
  return [
    ...past,
    ...STANDING.map((seed, n) => insert(seed, nowMs - (n + 1) * 47 * MINUTE_MS, null)),
    message(1, "email", nowMs - 5 * DAY_MS, "tested"),
    message(2, "webhook", nowMs - 4 * DAY_MS, "given_up"),
    ...Array.from({ length: 9 }, (_, n) => message(3 + n, n % 2 ? "webhook" : "email", nowMs - (9 - n) * 7 * 60 * MINUTE_MS, "taken")),
    message(12, "webhook", nowMs - 20 * MINUTE_MS, "waiting"),
    {
      sql: `insert into alert_delivery (alert, moment, round, way, due_ms, message)
            select n, 'opened', 0, 'email', opened_ms, 3 + n % 9 from alert where n % 4 > 0 and ended_ms is not null`,
    },
    // What stands was told half a minute after it was opened, but for the newest.
    ...STANDING.slice(1).map((_, n) => message(20 + n, "email", nowMs - (n + 2) * 47 * MINUTE_MS + 30_000, "taken")),
    {
      sql: `insert into alert_delivery (alert, moment, round, way, due_ms, message)
            select a.n, 'opened', 0, 'email', a.opened_ms, m.n from alert a
              cross join alert_message m on m.created_ms = a.opened_ms + 30000
            where a.ended_ms is null`,
    },
    difference("profile", "cSfi_B5DoL8p-ZHrzaTcnOA", ["profile"], ["told_again", "rebuilt_at_edge"], nowMs - 3 * DAY_MS, nowMs - 3 * DAY_MS + 31_000),
    difference("golden", "cJtk08ZK4MSSyv8RYK7t_uw", ["golden_record"], ["golden_anew"], nowMs - 2 * DAY_MS, nowMs - 2 * DAY_MS + 40_000),
    difference("journal", "store-12/2026-11-19", ["missing_here till-12-2/1/4107", "missing_here till-12-2/1/4190"], ["till_archive"], nowMs - DAY_MS, null),
    difference("profile", "cybgb-_JgDbMvHHXaJCzhdA", ["fragments", "not_at_edge"], ["told_again", "rebuilt_at_edge", "given_back"], nowMs - 90 * MINUTE_MS, null),
    {
      sql: `insert into reconciliation (name, value) values
              ('compare_profiles', ?), ('compare_journals', ?)`,
      args: [
        JSON.stringify({ shard: 12, after: "", startedMs: nowMs - 20 * MINUTE_MS, compared: 48_212, rounds: 31, roundMs: 3_600_000, finishedMs: nowMs - 20 * MINUTE_MS }),
        JSON.stringify({ store: "store-3", day: "2026-11-18", startedMs: nowMs - 8 * MINUTE_MS, compared: 217, rounds: 96, roundMs: 600_000, finishedMs: nowMs - 8 * MINUTE_MS }),
      ],
    },
  ]; // prettier-ignore
}
