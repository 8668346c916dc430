/** Where the town's life stands: which day, and up to which minute it has been played. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { codeOf, CommandFailure } from "../command.ts";

const stateSchema = z.object({
  seed: z.int(),
  /** Date of day 1. */
  firstDay: z.iso.date(),
  day: z.int().min(1),
  /** Minute of the day; what lies before it has been captured. */
  minute: z.int().min(0),
  isDayOver: z.boolean(),
  /** Events of each store from the days before, all of them golden. */
  before: z.record(z.string(), z.int()),
  /** First day of the web shop. Towns of before had none: it opens on the day that they play next. */
  webSince: z.int().min(1).optional(),
});
export type TownState = z.infer<typeof stateSchema>;

const fileName = "town.json";

/** Null for a town that has not begun. */
export function readTown(folder: string): TownState | null {
  const file = join(folder, fileName);
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new CommandFailure(`${file} is broken: delete its folder to found a new town.`, {
      cause: error,
    });
  }
}

export function writeTown(folder: string, state: TownState): void {
  const file = join(folder, fileName);
  writeFileSync(`${file}.new`, JSON.stringify(state), { flush: true });
  renameSync(`${file}.new`, file);
}
