/** Lines to money: what sale, return and adjustment have in common, and what is odd about them. */
import type { Flag } from "../events/event.ts";
import type { Line } from "../events/line.ts";
import { lineAmountMinor, minorDigits } from "../money.ts";
import { type Problem, problemOf } from "../problem.ts";
import { fail, ok, type Result } from "../result.ts";
import type { CaptureInput, LineInput } from "./input.ts";

export type ReceiptInput = Extract<CaptureInput, { kind: "sale" | "return" | "adjustment" }>;

export interface ReceiptContext {
  readonly receipt: string;
  readonly at: string;
  readonly currency: string;
}

export function receiptBody(input: ReceiptInput, { receipt, at, currency }: ReceiptContext) {
  const lines: Line[] = [];
  for (const [index, line] of input.lines.entries()) {
    const amountMinor = amountOf(line, currency);
    if (amountMinor === null) return outOfRange(`lines.${index}.unitPrice`);
    const { at: lineAt, ...rest } = line;
    lines.push({
      ...rest,
      amountMinor,
      ...(lineAt === undefined || lineAt === at ? {} : { at: lineAt }),
    });
  }
  const tenders = input.tenders ?? [];
  const totalMinor = sum(lines);
  if (!Number.isSafeInteger(totalMinor)) return outOfRange("lines");
  return ok({
    receipt,
    ...(input.externalId === undefined ? {} : { externalId: input.externalId }),
    ...(input.staff === undefined ? {} : { staff: input.staff }),
    currency,
    lines,
    tenders,
    totalMinor,
  });
}

export function receiptFlags(
  input: ReceiptInput,
  lines: readonly Line[],
  currency: string,
): Flag[] {
  const flags: Flag[] = [];
  const tenders = input.tenders ?? [];
  if (tenders.length > 0 && sum(tenders) !== sum(lines)) flags.push("tenders_differ");
  if (input.kind === "sale" && lines.some((line) => line.quantity.startsWith("-"))) {
    flags.push("negative_quantity");
  }
  if (lines.some((line) => line.at !== undefined)) flags.push("two_timestamps");
  if (lines.some((line) => hasFraction(line.unitPrice, currency))) flags.push("fraction_of_minor");
  return flags;
}

function amountOf(line: LineInput, currency: string): number | null {
  if (line.amountMinor !== undefined) return line.amountMinor;
  const amount = lineAmountMinor(line.quantity, line.unitPrice ?? "0", currency);
  return amount.ok ? amount.value : null;
}

function hasFraction(unitPrice: string | undefined, currency: string): boolean {
  const fraction = unitPrice?.split(".")[1] ?? "";
  return fraction.replace(/0+$/, "").length > minorDigits(currency);
}

const sum = (parts: readonly { readonly amountMinor: number }[]): number =>
  parts.reduce((total, { amountMinor }) => total + amountMinor, 0);

const outOfRange = (field: string): Result<never, Problem> =>
  fail(
    problemOf("invalid_field", {
      errors: [{ field, reason: "comes to more money than can be counted" }],
    }),
  );
