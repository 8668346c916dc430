/** 3. What was paid against what it came to, receipt by receipt. */
import type { Found } from "../found.ts";
import { keyOf, placeOf, rowsOfKind, type StoreDay } from "./store-day.ts";

/** A receipt that says nothing of how it was paid says nothing wrong. */
export const checkTenders = (day: StoreDay): Found[] =>
  rowsOfKind(day, "sale", "return", "adjustment").flatMap((row): Found[] => {
    const { currency, receipt, tenders, totalMinor } = row.event.body;
    const tendersMinor = tenders.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
    if (tenders.length === 0 || tendersMinor === totalMinor) return [];
    return [
      {
        kind: "tenders_differ",
        about: keyOf(row),
        ...placeOf(row),
        currency,
        amountMinor: tendersMinor - totalMinor,
        evidence: {
          receipt,
          totalMinor,
          tendersMinor,
          // The till knew, and took it all the same (CAP4); what it did not know it has not counted so.
          flaggedByTill: row.event.flags.includes("tenders_differ"),
        },
      },
    ];
  });
