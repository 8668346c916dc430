/** An event before it has a number, and what a draft may have to know of the journal before it. */
import type { RegularsEvent } from "../events/event.ts";
import type { Tender } from "../events/tender.ts";
import type { IdentityKey } from "../ids.ts";

/** What a capture decides. */
export type Draft = RegularsEvent extends infer Event
  ? Event extends RegularsEvent
    ? Pick<Event, "kind" | "at" | "businessDay" | "subject" | "flags" | "body" | "shift">
    : never
  : never;

/** A receipt that a void may take back. */
export interface Voidable {
  readonly receipt: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly subject: readonly IdentityKey[];
  readonly voided: boolean;
  /** How it was paid; absent where that is not known. */
  readonly tenders?: readonly Tender[];
}
