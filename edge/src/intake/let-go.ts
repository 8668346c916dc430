/** Letting go: bodies of what was read, later their keys, in small pieces between other work (SYN10). */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage } from "@regulars/shared/storage/port";
import type { RoundResult } from "../background.ts";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const PAGE = LIMITS.intakeSweptRows;

/** Looks once in a while, however often it is asked: each look is a commit. */
export function createLetGoRound(
  storage: Storage,
  nowMs: () => number,
): () => Promise<RoundResult> {
  let lookedMs = -Infinity;
  return async () => {
    const nextMs = lookedMs + LIMITS.intakeLetGoMs;
    if (nowMs() < nextMs) return { atMs: nextMs };
    const result = await letGoRound(storage, nowMs());
    if (result !== "again") lookedMs = nowMs();
    return result;
  };
}

async function letGoRound(storage: Storage, nowMs: number): Promise<RoundResult> {
  const rows = await rowsOf(
    storage,
    `select n, body is not null as whole from received
     where go_ms <= ? order by go_ms limit ?`,
    [nowMs, PAGE],
  );
  const numbersOf = (whole: number): string =>
    JSON.stringify(rows.filter((row) => row["whole"] === whole).map((row) => numberOf(row, "n")));
  await storage.write([
    {
      sql: `update received set body = null, headers = '{}', history = '[]',
              go_ms = max(received_ms + ?, ? + 1)
            where n in (select value from json_each(?))`,
      args: [LIMITS.intakeKeyDays * DAY_MS, nowMs, numbersOf(1)],
    },
    {
      sql: "delete from received where n in (select value from json_each(?))",
      args: [numbersOf(0)],
    },
    {
      sql: `delete from told where (account, key) in (
              select account, key from told where go_ms <= ? limit ?)`,
      args: [nowMs, PAGE],
    },
    {
      sql: "delete from tally where hour < ?",
      args: [Math.floor(nowMs / HOUR_MS) - LIMITS.intakeTallyHours],
    },
  ]);
  if (rows.length === PAGE) return "again";
  const [next] = await rowsOf(
    storage,
    `select min(go_ms) as due from (
       select min(go_ms) as go_ms from received where go_ms is not null
       union all select min(go_ms) from told where go_ms is not null)`,
  );
  const due = next?.["due"];
  return typeof due === "number" ? { atMs: Math.max(due, nowMs + HOUR_MS) } : "idle";
}
