/** @jsxImportSource hono/jsx */
import type { RegularsEvent } from "@regulars/shared/events/event";
import type { Child } from "hono/jsx";
import { formatCount, formatMoney } from "../format.ts";
import { capital } from "./words.ts";

export type Fact = readonly [name: string, value: Child];

/** Of kinds that are about a person, no more than that. */
export function eventFacts(event: RegularsEvent): Fact[] {
  const shift: Fact[] = event.shift === undefined ? [] : [["Shift", event.shift]];
  switch (event.kind) {
    case "sale":
    case "return":
    case "adjustment":
      return [
        ["Receipt", event.body.receipt],
        ["Total", formatMoney(event.body.totalMinor, event.body.currency)],
        ["Staff", event.body.staff ?? "not said"],
        ["Customer", event.subject.length === 0 ? "anonymous" : "known"],
        ...shift,
      ];
    case "void":
      return [
        ["Receipt", event.body.receipt],
        ["Voids", event.body.voids],
        ["Total", formatMoney(event.body.totalMinor, event.body.currency)],
        ["Reason", event.body.reason ?? "not said"],
        ...shift,
      ];
    case "open":
      return [
        ["Shift", String(event.body.number)],
        [
          "Float",
          event.body.float
            .map(({ amountMinor, currency }) => formatMoney(amountMinor, currency))
            .join(" + ") || "none",
        ],
        ["Staff", event.body.staff ?? "not said"],
      ];
    case "drawer":
      return [
        ["Drawer", capital(event.body.action)],
        ["Amount", formatMoney(event.body.amountMinor, event.body.currency)],
        ["Reason", event.body.reason],
        ["Staff", event.body.staff ?? "not said"],
        ...shift,
      ];
    case "count":
      return [
        ...event.body.counted.map(({ type, amountMinor, currency }): Fact => [
          capital(type),
          formatMoney(amountMinor, currency),
        ]),
        ["Staff", event.body.staff ?? "not said"],
      ];
    case "close":
      return [
        ["Z report", String(event.body.number)],
        ["Rows", formatCount(event.body.figures.events)],
        ["Reason", event.body.reason === undefined ? "none needed" : capital(event.body.reason)],
        ["Staff", event.body.staff ?? "not said"],
        ...shift,
      ];
    case "seal":
      return [
        ["Seal", String(event.body.number)],
        ["Terminals", formatCount(event.body.heads.length)],
        ["Root", <span class="id">{event.body.root}</span>],
      ];
    case "claim":
    case "consent":
    case "note":
    case "behaviour":
    case "cart":
    case "order":
    case "loyalty":
      return [["About", "a customer; what it says stands on the customer's page"]];
  }
}
