/** Shapes and columns of processors' files, as people choose them. */
import type { SettlementMeaning, Shape } from "../../reconcile/settlement/mapping.ts";

export const SHAPE_NAMES: Readonly<Record<Shape, string>> = {
  stripe: "Stripe",
  square: "Square",
  csv: "CSV",
};

export const MEANING_WORDS: Readonly<Record<SettlementMeaning, { name: string; hint: string }>> = {
  amount: { name: "Amount", hint: "Gross, as the customer paid it" },
  reference: { name: "Reference", hint: "What the till notes with a card payment" },
  date: { name: "Date", hint: "Of the payment, not of the payout" },
  time: { name: "Time", hint: "Where it has a column of its own" },
  fee: { name: "Fee", hint: "What the processor keeps" },
  currency: { name: "Currency", hint: "Three letters" },
  store: { name: "Store", hint: "Its id, or a place that you match below" },
  batch: { name: "Payout", hint: "Batch, payout or deposit number" },
};
