/**
 * What a shift comes to: folded event by event at the till, recomputed from the journal at the centre, by this one function
 * (REC2). Pure; all amounts in minor units.
 */
import { z } from "zod";
import { TENDER_TYPES, type Tender, type TenderType } from "../events/tender.ts";
import type { RegularsEvent } from "../events/event.ts";
import { currencySchema, minorSchema } from "../money.ts";

const countShape = z.int().min(0);

export const currencyFiguresSchema = z.object({
  sales: countShape,
  returns: countShape,
  voids: countShape,
  adjustments: countShape,
  salesMinor: minorSchema,
  returnsMinor: minorSchema,
  voidsMinor: minorSchema,
  adjustmentsMinor: minorSchema,
  /** By tender, after change, returns and voids. */
  tenders: z.partialRecord(z.enum(TENDER_TYPES), minorSchema),
  /** Of receipts that say not, or not all, of how they were paid. */
  untenderedMinor: minorSchema,
  floatMinor: minorSchema,
  paidInMinor: minorSchema,
  paidOutMinor: minorSchema,
});
export type CurrencyFigures = z.infer<typeof currencyFiguresSchema>;

export const shiftFiguresSchema = z.object({
  /** Rows of the shift that count here: receipts, voids, drawer openings. */
  events: countShape,
  noSales: countShape,
  currencies: z.record(currencySchema, currencyFiguresSchema),
});
export type ShiftFigures = z.infer<typeof shiftFiguresSchema>;

export const NO_FIGURES: ShiftFigures = { events: 0, noSales: 0, currencies: {} };

const EMPTY: CurrencyFigures = {
  sales: 0,
  returns: 0,
  voids: 0,
  adjustments: 0,
  salesMinor: 0,
  returnsMinor: 0,
  voidsMinor: 0,
  adjustmentsMinor: 0,
  tenders: {},
  untenderedMinor: 0,
  floatMinor: 0,
  paidInMinor: 0,
  paidOutMinor: 0,
};

/**
 * `voidedTenders`: how the receipt that a void takes back was paid, where the void itself does not say, as those of schemas
 * before 5 do not.
 */
export function addToFigures(
  figures: ShiftFigures,
  event: RegularsEvent,
  voidedTenders: readonly Tender[] = [],
): ShiftFigures {
  switch (event.kind) {
    case "open":
      return event.body.float.reduce(
        (sum, { currency, amountMinor }) =>
          change(sum, currency, (of) => ({ ...of, floatMinor: of.floatMinor + amountMinor })),
        figures,
      );
    case "drawer":
      return addDrawer(figures, event.body);
    case "sale":
    case "return":
    case "adjustment":
      return addReceipt(figures, event.kind, event.body);
    case "void": {
      const { currency, totalMinor } = event.body;
      const tenders = event.body.tenders ?? voidedTenders.map((tender) => negated(tender));
      return counted(
        change(figures, currency, (of) => ({
          ...withTenders(of, tenders, totalMinor),
          voids: of.voids + 1,
          voidsMinor: of.voidsMinor + totalMinor,
        })),
      );
    }
    case "claim":
    case "consent":
    case "note":
    case "behaviour":
    case "cart":
    case "order":
    case "loyalty":
    case "count":
    case "close":
    case "seal":
      return figures;
  }
}

/** What should be there of a tender: of cash, with the float and what was paid in and out. */
export function expectedOf(figures: ShiftFigures, type: TenderType, currency: string): number {
  const of = figures.currencies[currency] ?? EMPTY;
  const taken = of.tenders[type] ?? 0;
  return type === "cash" ? taken + of.floatMinor + of.paidInMinor - of.paidOutMinor : taken;
}

type ReceiptKind = "sale" | "return" | "adjustment";
type ReceiptBody = Extract<RegularsEvent, { kind: ReceiptKind }>["body"];
const FIELDS = {
  sale: ["sales", "salesMinor"],
  return: ["returns", "returnsMinor"],
  adjustment: ["adjustments", "adjustmentsMinor"],
} as const;

function addReceipt(figures: ShiftFigures, kind: ReceiptKind, body: ReceiptBody): ShiftFigures {
  const [count, minor] = FIELDS[kind];
  return counted(
    change(figures, body.currency, (of) => ({
      ...withTenders(of, body.tenders, body.totalMinor),
      [count]: of[count] + 1,
      [minor]: of[minor] + body.totalMinor,
    })),
  );
}

type DrawerBody = Extract<RegularsEvent, { kind: "drawer" }>["body"];

function addDrawer(figures: ShiftFigures, { action, currency, amountMinor }: DrawerBody) {
  switch (action) {
    case "no_sale":
      return counted({ ...figures, noSales: figures.noSales + 1 });
    case "paid_in":
      return counted(
        change(figures, currency, (of) => ({ ...of, paidInMinor: of.paidInMinor + amountMinor })),
      );
    case "paid_out":
      return counted(
        change(figures, currency, (of) => ({ ...of, paidOutMinor: of.paidOutMinor + amountMinor })),
      );
  }
}

function withTenders(
  of: CurrencyFigures,
  tenders: readonly Tender[],
  totalMinor: number,
): CurrencyFigures {
  const sums = { ...of.tenders };
  let rest = totalMinor;
  for (const { type, amountMinor } of tenders) {
    sums[type] = (sums[type] ?? 0) + amountMinor;
    rest -= amountMinor;
  }
  return { ...of, tenders: sums, untenderedMinor: of.untenderedMinor + rest };
}

function change(
  figures: ShiftFigures,
  currency: string,
  by: (of: CurrencyFigures) => CurrencyFigures,
): ShiftFigures {
  const of = by(figures.currencies[currency] ?? EMPTY);
  return { ...figures, currencies: { ...figures.currencies, [currency]: of } };
}

const counted = (figures: ShiftFigures): ShiftFigures => ({
  ...figures,
  events: figures.events + 1,
});

/** The same, the other way. */
export const negated = (tender: Tender): Tender => ({
  ...tender,
  amountMinor: 0 - tender.amountMinor, // not -0
});
