/** How far the comparing has come, kept in the database: a restart goes on from there. */
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";

const countsShape = {
  /** Of this round. */
  startedMs: z.int(),
  compared: z.int(),
  /** Since ever. */
  rounds: z.int(),
  roundMs: z.int().nullable(),
  finishedMs: z.int().nullable(),
};
export const profilesCursorSchema = z.object({ shard: z.int(), after: z.string(), ...countsShape });
export type ProfilesCursor = z.infer<typeof profilesCursorSchema>;
export const journalsCursorSchema = z.object({
  store: z.string(),
  day: z.string(),
  ...countsShape,
});
export type JournalsCursor = z.infer<typeof journalsCursorSchema>;

const counts = (nowMs: number) => ({
  startedMs: nowMs,
  compared: 0,
  rounds: 0,
  roundMs: null,
  finishedMs: null,
});

export const PROFILES = "compare_profiles";
export const JOURNALS = "compare_journals";

export async function readProfilesCursor(storage: Storage, nowMs: number): Promise<ProfilesCursor> {
  return (
    (await read(storage, PROFILES, profilesCursorSchema)) ?? {
      shard: 0,
      after: "",
      ...counts(nowMs),
    }
  );
}

export async function readJournalsCursor(storage: Storage, nowMs: number): Promise<JournalsCursor> {
  return (
    (await read(storage, JOURNALS, journalsCursorSchema)) ?? {
      store: "",
      day: "",
      ...counts(nowMs),
    }
  );
}

async function read<Schema extends z.ZodType>(
  storage: Storage,
  name: string,
  schema: Schema,
): Promise<z.infer<Schema> | null> {
  const [row] = await rowsOf(storage, "select value from reconciliation where name = ?", [name]);
  const parsed = row && schema.safeParse(JSON.parse(textOf(row, "value")));
  return parsed?.success === true ? parsed.data : null;
}

export const cursorStatement = (
  name: string,
  cursor: ProfilesCursor | JournalsCursor,
): Statement => ({
  sql: `insert into reconciliation (name, value) values (?, ?)
        on conflict (name) do update set value = excluded.value`,
  args: [name, JSON.stringify(cursor)],
});

/** The counts of the next round, once this one is over. */
export const nextRound = (
  { startedMs, rounds }: Pick<ProfilesCursor, "startedMs" | "rounds">,
  nowMs: number,
) => ({
  startedMs: nowMs,
  compared: 0,
  rounds: rounds + 1,
  roundMs: nowMs - startedMs,
  finishedMs: nowMs,
});
