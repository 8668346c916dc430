/** Why something that was sent could not be used: a closed list, each with words that a retailer understands. */
import { z } from "zod";

export const errorClassSchema = z.enum([
  "schema",
  "reference",
  "state",
  "authentication",
  "transient",
]);
/**
 * `schema`: it does not have the form it should have. `reference`: it names something that is not known (yet). `state`:
 * it contradicts what is there. `authentication`: it did not prove where it comes from. `transient`: try again later.
 */
export type ErrorClass = z.infer<typeof errorClassSchema>;

export const FAILURES = {
  not_json: { class: "schema", words: "The body is not JSON; it may have been cut off on its way" },
  not_xml: { class: "schema", words: "The body is not well-formed XML; it may have been cut off" },
  not_utf8: { class: "schema", words: "The text is not in the encoding it says it is in" },
  unknown_topic: { class: "schema", words: "This kind of message is not one that is taken in" },
  missing_field: { class: "schema", words: "A field that is needed is missing" },
  bad_field: { class: "schema", words: "A field has a value that cannot be used" },
  bad_row: {
    class: "schema",
    words: "A row has fewer or more fields than the line that names the columns",
  },
  bad_money: {
    class: "schema",
    words: "An amount of money is not a decimal number in its currency",
  },
  bad_time: { class: "schema", words: "A time cannot be read" },
  too_large: { class: "schema", words: "It is larger than the limit" },
  no_identity: { class: "schema", words: "It names nobody whom it could be about" },
  rule: { class: "schema", words: "It breaks a rule that was set for this connector" },
  unknown_order: { class: "reference", words: "The order it is about has not arrived" },
  unknown_receipt: { class: "reference", words: "The receipt it is about has not arrived" },
  unknown_store: {
    class: "reference",
    words: "The place it names is not one of the retailer's stores",
  },
  not_found: {
    class: "reference",
    words: "The other side does not know what this message is about",
  },
  already_voided: { class: "state", words: "The receipt it is about has been voided before" },
  other_currency: { class: "state", words: "It is in another currency than the order it is about" },
  bad_signature: {
    class: "authentication",
    words: "The signature does not match: wrong secret, or not from there",
  },
  no_signature: { class: "authentication", words: "There is no signature" },
  old_signature: { class: "authentication", words: "The signature is too old" },
  refused_access: { class: "authentication", words: "The other side refused our access token" },
  unreachable: { class: "transient", words: "The other side cannot be reached at the moment" },
  internal: { class: "transient", words: "An unexpected error; it has been logged" },
} as const satisfies Record<string, { readonly class: ErrorClass; readonly words: string }>;
export type FailureCode = keyof typeof FAILURES;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are its keys
export const FAILURE_CODES = Object.keys(FAILURES) as FailureCode[];

export interface Failure {
  readonly code: FailureCode;
  /** Path of the field in what was sent; names only, never values (SEC2). */
  readonly field?: string;
  /** More words, of our own, never input (SEC2). */
  readonly detail?: string;
}

export const failureOf = (code: FailureCode, field?: string, detail?: string): Failure => ({
  code,
  ...(field === undefined ? {} : { field }),
  ...(detail === undefined ? {} : { detail }),
});

export const classOf = ({ code }: Failure): ErrorClass => FAILURES[code].class;

/** One sentence for a person. */
export function wordsOf({ code, field, detail }: Failure): string {
  const where = field === undefined ? "" : `: ${field}`;
  return `${FAILURES[code].words}${where}.${detail === undefined ? "" : ` ${detail}`}`;
}
