/** What the address of Today says: which day, and which of its stores. */
import { z } from "zod";
import type { StoreToday } from "./read-today.ts";

export const KEPT_STATES = ["all", "in_question", "waiting", "complete", "nothing"] as const;
export type Kept = (typeof KEPT_STATES)[number];

export const todayQuery = z.object({
  day: z.iso.date().optional(),
  state: z.enum(KEPT_STATES).default("all"),
  store: z.string().max(64).default(""),
  from: z.coerce.number().int().min(0).default(0),
  csv: z.enum(["stores"]).optional(),
});
export type TodayQuery = z.infer<typeof todayQuery>;

export const keptTitles: Readonly<Record<Kept, string>> = {
  all: "All",
  in_question: "In question",
  waiting: "Waiting",
  complete: "Complete",
  nothing: "Nothing here",
};

export const keptOf =
  (kept: Kept) =>
  ({ row }: StoreToday): boolean =>
    kept === "all" || (row?.state ?? "nothing") === kept;

/** The same place with something changed. */
export function todayHref(query: TodayQuery, change: Partial<TodayQuery>): string {
  const { day, state, store, from, csv } = { ...query, ...change };
  const parameters = new URLSearchParams({
    ...(day === undefined ? {} : { day }),
    ...(state === "all" ? {} : { state }),
    ...(store === "" ? {} : { store }),
    ...(from === 0 ? {} : { from: String(from) }),
    ...(csv === undefined ? {} : { csv }),
  });
  return parameters.size === 0 ? "/" : `/?${parameters.toString()}`;
}
