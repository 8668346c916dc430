/** The nine checks of REC2, over one store-day: each a function of what is here, in whatever order it came. */
import type { Found } from "../found.ts";
import { checkChain, checkForks } from "./chain.ts";
import { checkClocks } from "./clock.ts";
import { checkLate } from "./late.ts";
import { checkGolden, checkPoints, checkReturns } from "./ledger.ts";
import { checkUnclosed } from "./open-shifts.ts";
import { checkOverShort, checkTrends } from "./over-short.ts";
import { checkSeals } from "./seal.ts";
import { checkDuplicates, checkGaps, checkUnreadable } from "./sequence.ts";
import { checkSettlement } from "./settlement.ts";
import type { StoreDay } from "./store-day.ts";
import { checkTenders } from "./tenders.ts";
import { checkZFigures, checkZNumbers } from "./z-report.ts";

const CHECKS: readonly ((day: StoreDay) => Found[])[] = [
  checkGaps,
  checkDuplicates,
  checkUnreadable,
  checkChain,
  checkForks,
  checkTenders,
  checkZFigures,
  checkZNumbers,
  checkUnclosed,
  checkSeals,
  checkSettlement,
  checkLate,
  checkClocks,
  checkReturns,
  checkPoints,
  checkGolden,
  checkOverShort,
  checkTrends,
];

export const checkDay = (day: StoreDay): Found[] => CHECKS.flatMap((check) => check(day));
