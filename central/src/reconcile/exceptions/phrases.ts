/** Parts of sentences about an exception. What its evidence does not say is left out, so that the sentence stays whole. */
import { formatCount, formatTime } from "../../console/format.ts";
import { moneyOf, numberIn, type Subject, textIn } from "./evidence.ts";

export const till = ({ source, store }: Subject): string => source ?? store;

export const rowName = (of: Subject): string =>
  of.seq === null ? `A row of ${till(of)}` : `Row ${formatCount(of.seq)} of ${till(of)}`;

/** ", row 57" */
export const row = ({ seq }: Subject): string => (seq === null ? "" : `, row ${formatCount(seq)}`);

export function from(of: Subject): string {
  if (of.seq === null) return "";
  const last = numberIn(of, "lastSeq", "last", "to");
  return last === null || last === of.seq
    ? `, from number ${formatCount(of.seq)} on`
    : `, numbers ${formatCount(of.seq)} to ${formatCount(last)}`;
}

export function receipt(of: Subject): string {
  const number = textIn(of, "receipt");
  return number === null ? rowName(of) : `Receipt ${number} of ${till(of)}`;
}

export function other(of: Subject): string {
  const key = textIn(of, "other", "first", "otherEvent");
  return key === null ? "" : `, and before that as ${key}`;
}

export function reference(of: Subject): string {
  const text = textIn(of, "reference");
  return text === null ? "" : ` under ${text}`;
}

/** How much, without its sign: the sentence says which way. */
export const amount = (of: Subject): string =>
  of.amountMinor === null ? "an unknown amount" : moneyOf(of, Math.abs(of.amountMinor));

export const sum = (of: Subject, lead: string): string =>
  of.amountMinor === null ? "" : `${lead}${moneyOf(of, of.amountMinor)}`;

export const direction = ({ amountMinor }: Subject, more: string, less: string): string =>
  (amountMinor ?? 0) < 0 ? less : more;

export function minor(of: Subject, ...names: readonly string[]): string {
  const value = numberIn(of, ...names);
  return value === null ? "an amount that is not known" : moneyOf(of, value);
}

export function figure(of: Subject, ...names: readonly string[]): string {
  const value = numberIn(of, ...names);
  return value === null ? (textIn(of, ...names) ?? "–") : formatCount(value);
}

export function z(of: Subject): string {
  const number = numberIn(of, "z", "number", "zNumber");
  return number === null ? "" : ` ${formatCount(number)}`;
}

export function at(of: Subject): string {
  const number = z(of);
  const ms = numberIn(of, "closedMs", "closedAtMs");
  const when = ms === null ? "" : `, closed ${formatTime(ms, of.zone)}`;
  return `${number === "" ? "" : ` at Z${number}`}${when}`;
}

export function why(of: Subject): string {
  const said = textIn(of, "reason");
  return said === null ? "" : `; the store says: ${said.replaceAll("_", " ")}`;
}

/** Money, or a count where it is about no money. */
export function either(of: Subject, ...names: readonly string[]): string {
  const value = numberIn(of, ...names.map((name) => `${name}Minor`));
  return value === null ? figure(of, ...names) : moneyOf(of, value);
}

/** " “club”" */
export function named(of: Subject, name: string): string {
  const text = textIn(of, name);
  return text === null ? "" : ` “${text}”`;
}

export function field(of: Subject): string {
  const name = textIn(of, "field", "what", "tender");
  return name === null ? "" : ` (${name.replaceAll("_", " ")})`;
}

export const reason = (of: Subject): string =>
  (textIn(of, "code", "reason") ?? "the reason is not known").replaceAll("_", " ");
