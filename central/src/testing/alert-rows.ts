/** What tests of alerts write into the database. */
import type { Statement } from "@regulars/shared/storage/port";

export const exception = (n: number, store: string, kind = "gap", state = "open"): Statement => ({
  sql: `insert into exception (fingerprint, store, business_day, kind, severity, evidence, state, opened_ms, changed_ms, version)
        values (?, ?, '2026-11-20', ?, 'serious', '{}', ?, 0, 0, 1)`,
  args: [`f${n}`, store, kind, state],
});

export const settle = (store: string): Statement => ({
  sql: "update exception set state = 'settled' where store = ?",
  args: [store],
});
