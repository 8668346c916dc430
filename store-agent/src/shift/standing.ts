/** How drawer and days of a till stand, for its status and what its health says in words. */
import { numberOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { z } from "zod";

export const drawerStandingSchema = z.object({
  open: z
    .object({ number: z.int(), businessDay: z.iso.date(), since: z.iso.datetime() })
    .nullable(),
  /** Z number of a shift that was open when the till came back from a backup or went to another store, until the next is opened. */
  left: z.int().nullable(),
  /** The last day that was closed here, where this terminal seals the store's days and has not sealed it. */
  unsealed: z.iso.date().nullable(),
});
export type DrawerStanding = z.infer<typeof drawerStandingSchema>;

export async function readDrawerStanding(storage: Storage, store: string): Promise<DrawerStanding> {
  const [[last] = [], [unsealed] = []] = await storage.read([
    {
      sql: `select number, business_day, opened_ms, closed_at, is_left from shift
            order by number desc limit 1`,
    },
    {
      sql: `select d.day from (
              select business_day as day from shift where closed_at is not null and store = ?1
              order by business_day desc limit 1) d
            where not exists (select 1 from seal where business_day = d.day and store = ?1)
              and exists (select 1 from seal where store = ?1 and business_day = (
                select business_day from shift where business_day < d.day and store = ?1
                order by business_day desc limit 1))`,
      args: [store],
    },
  ]);
  const isLeft = last !== undefined && numberOf(last, "is_left") === 1;
  const isOpen = last !== undefined && !isLeft && last["closed_at"] === null;
  return {
    open: isOpen
      ? {
          number: numberOf(last, "number"),
          businessDay: textOf(last, "business_day"),
          since: new Date(numberOf(last, "opened_ms")).toISOString(),
        }
      : null,
    left: isLeft ? numberOf(last, "number") : null,
    unsealed: unsealed ? textOf(unsealed, "day") : null,
  };
}
