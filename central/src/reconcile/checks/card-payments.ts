/** Card payments as a day's rows tell of them. */
import type { Tender } from "@regulars/shared/events/tender";
import { type Payments, paymentsOf } from "./shift-figures.ts";
import { type CardPayment, type DayRow, placeOf, type StoreDay } from "./store-day.ts";

/** A void pays back what it takes back, under the same references, also where it does not say so. */
export function cardPayments(
  day: Pick<StoreDay, "rows" | "voided" | "businessDay">,
): CardPayment[] {
  const paid = paymentsOf(day);
  return day.rows.flatMap((row) => paymentsIn(row, day.businessDay, paid));
}

function paymentsIn(row: DayRow, businessDay: string, paid: Payments): CardPayment[] {
  const { event } = row;
  if (event?.kind === "void") {
    const voided = paid(row.source, event.body.voids);
    const back = event.body.tenders ?? voided.map((tender) => backOf(tender));
    return back.filter(isCard).map((tender) => ({
      ...common(row, businessDay, tender),
      receipt: event.body.receipt,
      voids: event.body.voids,
      reference: tender.reference ?? referenceOf(tender, voided),
      currency: event.body.currency,
    }));
  }
  if (event?.kind !== "sale" && event?.kind !== "return" && event?.kind !== "adjustment") return [];
  const { currency, receipt, tenders } = event.body;
  return tenders.filter(isCard).map((tender) => ({
    ...common(row, businessDay, tender),
    receipt,
    voids: null,
    reference: tender.reference ?? null,
    currency,
  }));
}

const isCard = ({ type, amountMinor }: Tender): boolean => type === "card" && amountMinor !== 0;

const backOf = ({ amountMinor, ...tender }: Tender): Tender => ({
  ...tender,
  amountMinor: 0 - amountMinor,
});

const referenceOf = ({ amountMinor }: Tender, voided: readonly Tender[]): string | null =>
  voided.find((tender) => isCard(tender) && tender.amountMinor === -amountMinor)?.reference ?? null;

const common = (row: DayRow, businessDay: string, { amountMinor }: Tender) => ({
  ...placeOf(row),
  businessDay,
  amountMinor,
});
