/** 8. Ledgers: what came back against what was sold, points against their program, golden totals against the journal. */
import type { Found } from "../found.ts";
import { keyOf, placeOf, type PointsWord, rowsOfKind, type StoreDay } from "./store-day.ts";

/** The returns of the day that bring what came back of a receipt above what was paid for it. */
export function checkReturns(day: StoreDay): Found[] {
  const ofDay = new Set(rowsOfKind(day, "return").map((row) => keyOf(row)));
  return day.returned.flatMap(({ original, currency, soldMinor, returns }) => {
    let returnedMinor = 0;
    return returns.flatMap((each): Found[] => {
      const isBack = Math.max(0, -each.amountMinor);
      returnedMinor += isBack;
      const excess = Math.min(isBack, returnedMinor - Math.max(0, soldMinor));
      if (excess <= 0 || !ofDay.has(keyOf(each))) return [];
      return [
        {
          kind: "return_exceeds",
          about: keyOf(each),
          ...placeOf(each),
          currency,
          amountMinor: excess,
          evidence: { receipt: each.receipt, original, soldMinor, returnedMinor },
        },
      ];
    });
  });
}

/**
 * Points that were paid with are points of somebody, and their program has to know: what a member has spent in all (lifetime less
 * balance) is more by its newest word than by the last one before the receipt, where it tells both.
 */
export const checkPoints = (day: StoreDay): Found[] =>
  rowsOfKind(day, "sale").flatMap((row): Found[] => {
    const { currency, receipt, tenders } = row.event.body;
    const amountMinor = tenders
      .filter(({ type }) => type === "loyalty")
      .reduce((sum, tender) => sum + tender.amountMinor, 0);
    if (amountMinor <= 0) return [];
    const found = (evidence: Found["evidence"]): Found => ({
      kind: "loyalty_differs",
      about: keyOf(row),
      ...placeOf(row),
      currency,
      amountMinor,
      evidence: { receipt, ...evidence },
    });
    if (row.event.subject.length === 0) return [found({ how: "nobody" })];
    const words = day.points.filter(({ key }) => row.event.subject.includes(key));
    const unspent = [...Map.groupBy(words, ({ program }) => program)].find(([, said]) =>
      isUnspent(said, row.event.stamp),
    );
    if (!unspent) return [];
    const [program, said] = unspent;
    return [
      found({ how: "not_spent", program, programPoints: said.at(-1)?.balancePoints ?? null }),
    ];
  });

function isUnspent(said: readonly PointsWord[], stamp: string): boolean {
  const before = said.findLast((word) => word.stamp < stamp);
  const newest = said.at(-1);
  return (
    before !== undefined &&
    newest !== undefined &&
    newest.stamp > stamp &&
    spentOf(newest) <= spentOf(before)
  );
}

const spentOf = ({ lifetimePoints, balancePoints }: PointsWord): number =>
  lifetimePoints - balancePoints;

export const checkGolden = ({ golden }: StoreDay): Found[] =>
  golden
    .filter(({ goldenMinor, journalMinor }) => goldenMinor !== journalMinor)
    .map(({ customer, currency, goldenMinor, journalMinor }) => ({
      kind: "golden_differs",
      about: `${customer}/${currency}`,
      source: null,
      epoch: null,
      seq: null,
      currency,
      amountMinor: goldenMinor - journalMinor,
      evidence: { customer, goldenMinor, journalMinor },
    }));
