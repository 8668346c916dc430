/** What is said and looked at in tests of a drawer. */
import { eventSchema, type RegularsEvent } from "@regulars/shared/events/event";
import { addToFigures, NO_FIGURES, type ShiftFigures } from "@regulars/shared/shift/figures";
import { shiftOf } from "@regulars/shared/shift/shift-id";
import { expect } from "vitest";
import { journalOf, type Till } from "./till.ts";

/** The day of `NOON`, and the next. */
export const DAY = "2026-06-01";
export const NEXT_DAY = "2026-06-02";
export const FLOAT = [{ currency: "GBP", amountMinor: 10_000 }];

export const receipt = (type: string, amountMinor: number, more: object = {}): object => ({
  kind: "sale",
  lines: [{ sku: "mug", quantity: "1", amountMinor }],
  tenders: [{ type, amountMinor }],
  ...more,
});

export const counted = (amountMinor: number, type = "cash"): object => ({
  kind: "count",
  counted: [{ type, currency: "GBP", amountMinor }],
});

export async function refusalOf(till: Till, input: object) {
  const answer = await till.capture(input);
  if (answer.ok) throw new Error("was captured");
  const { reason, detail, errors } = answer.reason;
  const words = detail ?? errors?.map((error) => `${error.field} ${error.reason}`).join();
  return { reason, words };
}

export async function eventsOf({ storage }: Till): Promise<RegularsEvent[]> {
  return (await journalOf(storage)).map(({ body }) => eventSchema.parse(JSON.parse(body)));
}

/** By shift, whatever order their rows have come to. */
function foldOf(events: readonly RegularsEvent[]): Map<string, ShiftFigures> {
  const folded = new Map<string, ShiftFigures>();
  for (const event of events) {
    const id = shiftOf(event);
    if (id !== null) folded.set(id, addToFigures(folded.get(id) ?? NO_FIGURES, event));
  }
  return folded;
}

/** Each Z report's figures are what the rows of its shift come to, and its number is its own. */
export function expectWhole(events: readonly RegularsEvent[]): void {
  const folded = foldOf(events);
  const numbers: number[] = [];
  for (const event of events) {
    if (event.kind !== "close") continue;
    expect(event.body.figures).toEqual(folded.get(event.shift ?? ""));
    numbers.push(event.body.number);
  }
  expect(new Set(numbers).size).toBe(numbers.length);
}
