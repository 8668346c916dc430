/** The account of the first start: `console`, admin, with the password of the settings. */
import { numberOf, type Row, rowsOf, type Storage } from "@regulars/shared/storage/port";
import { hashPassword, isPassword } from "./password.ts";
import { endSessionsOf } from "./sessions.ts";

export const CONSOLE_ID = "console";

export interface ConsoleAccountDeps {
  readonly storage: Storage;
  readonly nowMs: () => number;
  readonly drawSecret: () => string;
}

/**
 * A changed setting is a changed password: it ends the sessions of before and lets the account in again if somebody had
 * disabled it, for whoever sets the settings owns the house.
 */
export async function openConsoleAccount(
  { storage, nowMs, drawSecret }: ConsoleAccountDeps,
  password: string,
): Promise<void> {
  const [row] = await rowsOf(storage, "select password_hash from person where id = ?", [
    CONSOLE_ID,
  ]);
  if (row && (await isPassword(password, hashOf(row)))) return;
  const hash = await hashPassword(password, drawSecret());
  await storage.write([
    {
      sql: `insert into person (id, name, password_hash, roles, created_ms, created_by, version)
            values (?, ?, ?, '["admin"]', ?, 'settings', 1)
            on conflict (id) do update set password_hash = excluded.password_hash, roles = excluded.roles,
              disabled_ms = null, version = version + 1`,
      args: [CONSOLE_ID, CONSOLE_ID, hash, nowMs()],
    },
    endSessionsOf(CONSOLE_ID),
  ]);
}

const hashOf = (row: Row): string | null =>
  typeof row["password_hash"] === "string" ? row["password_hash"] : null;

/** For programs, which prove themselves by the setting: whether somebody has disabled the account. */
export async function isConsoleDisabled(storage: Storage): Promise<boolean> {
  const sql = "select count(*) as n from person where id = ? and disabled_ms is not null";
  const [row] = await rowsOf(storage, sql, [CONSOLE_ID]);
  return row !== undefined && numberOf(row, "n") > 0;
}
