/** Rows of a CSV file to captures: a customer a row, or a receipt of the rows that share its number. */
import { dayIn } from "../../capture/business-day.ts";
import { sha256Hex } from "../../digest.ts";
import { connectCaptureSchema } from "../captures.ts";
import { type FailureCode, failureOf } from "../failure.ts";
import { type Closed, sumMinor } from "../read/lines.ts";
import { readMoment } from "./cell.ts";
import { customerOf, type CustomerOfRows } from "./customer.ts";
import type { CsvContext, CsvOutcome, Env } from "./env.ts";
import type { CsvMapping, Meaning } from "./mapping.ts";
import { currencyOf, linesOf, storeOf, tendersOf, withTotal } from "./receipt.ts";
import { createRowReader, type CsvRow } from "./row.ts";

export interface CsvMapper {
  /** What rows of one receipt have in common; null for a row of a customer. */
  groupOf(row: CsvRow): string | null;
  /** Rows of one group. `part` is higher than 1 where a receipt comes back that had been closed, `isSplit` says so. */
  map(rows: readonly CsvRow[], part: number, isSplit: boolean): CsvOutcome;
}

export function createCsvMapper(
  mapping: CsvMapping,
  header: readonly string[],
  context: CsvContext,
): CsvMapper {
  const reader = createRowReader(mapping, header);
  const zone = mapping.zone ?? context.account.zone;
  const { today } = context;
  /** The last one: rows of a receipt share their time, and a zone's rules take time to ask. */
  let last: { readonly text: string; readonly at: string | null } = { text: "", at: null };
  const momentOf = (text: string): string | null => {
    if (text !== last.text) {
      last = { text, at: readMoment(text, { order: mapping.dateOrder, zone, today }) };
    }
    return last.at;
  };
  const env: Env = { mapping, context, zone, momentOf, ...reader };

  return {
    groupOf: (row) => (mapping.what === "customers" ? null : receiptKeyOf(row, env)),
    map(all, part, isSplit) {
      const rows = reader.wanted(all);
      if (rows.length === 0) return { skipped: "ignored" };
      // A row that is no line may name the customer all the same.
      const who = customerOf(all, reader, mapping, today);
      const outcome =
        mapping.what === "customers"
          ? claimOf(rows, who, env)
          : saleOf(rows, who, { part, isSplit }, env);
      if (!("capture" in outcome)) return outcome;
      const parsed = connectCaptureSchema.safeParse(outcome.capture);
      if (parsed.success) return { capture: parsed.data };
      // The first name only: what lies deeper may be a header, which is not ours (SEC2).
      return { failed: failureOf("bad_field", String(parsed.error.issues[0]?.path[0] ?? "kind")) };
    },
  };
}

const failed = (code: FailureCode, meaning: Meaning): CsvOutcome => ({
  failed: failureOf(code, meaning),
});

function claimOf(rows: readonly CsvRow[], who: CustomerOfRows, env: Env): CsvOutcome {
  const [row] = rows;
  if (row === undefined || who.customer === undefined) return { skipped: "nobody" };
  const { userId, loyaltyNumber, email, phone } = who.customer;
  const isNobody = [userId, loyaltyNumber, email, phone].every((each) => each === undefined);
  if (isNobody) return { failed: failureOf("no_identity") };
  const time = env.text(row, "at");
  const at = time === "" ? (env.mapping.asOf ?? env.context.asOf) : env.momentOf(time);
  if (at === null) return failed("bad_time", "at");
  // The same row of the next export is no news; a row that has changed is.
  const digest = sha256Hex(JSON.stringify([who, time])).slice(0, 32);
  return {
    capture: {
      kind: "claim",
      key: `csv:customer:${digest}`,
      at,
      customer: who.customer,
      ...(who.consents === undefined ? {} : { consents: [...who.consents] }),
    },
  };
}

function receiptKeyOf(row: CsvRow, env: Env): string {
  const within = env.mapping.receiptWithin ?? (env.has("store") ? ["store"] : []);
  const parts = within.map((part) =>
    part === "store" ? env.text(row, "store") : dayOf(env.text(row, "at"), env),
  );
  return [...parts, env.text(row, "receipt")].join("/");
}

function dayOf(text: string, env: Env): string {
  const at = env.momentOf(text);
  return at === null ? text : dayIn(env.zone, at);
}

interface Part {
  readonly part: number;
  readonly isSplit: boolean;
}

function saleOf(
  rows: readonly CsvRow[],
  who: CustomerOfRows,
  { part, isSplit }: Part,
  env: Env,
): CsvOutcome {
  const [first] = rows;
  const receipt = first === undefined ? "" : env.text(first, "receipt");
  if (first === undefined || receipt === "") return failed("missing_field", "receipt");
  const { returnPrefix, ignoredPrefix } = env.mapping;
  if (ignoredPrefix !== undefined && receipt.startsWith(ignoredPrefix)) {
    return { skipped: "ignored" };
  }
  if (receipt.length > 64) return failed("bad_field", "receipt");
  const at = env.momentOf(env.text(first, "at"));
  if (at === null) return failed("bad_time", "at");
  const store = storeOf(first, env);
  if (!store.ok) return { failed: store.reason };
  const currency = currencyOf(first, env);
  if (!currency.ok) return { failed: currency.reason };
  const lines = linesOf(rows, currency.value, at, env);
  if (!lines.ok) return { failed: lines.reason };
  const closed = withTotal(lines.value, first, currency.value, env);
  if (!closed.ok) return { failed: closed.reason };
  const isBack = returnPrefix !== undefined && receipt.startsWith(returnPrefix);
  const { lines: all, flags } = isBack ? backward(closed.value) : closed.value;
  const totalMinor = sumMinor(all);
  if (!Number.isSafeInteger(totalMinor)) return failed("bad_money", "amount");
  const key = receiptKeyOf(first, env);
  const staff = env.text(first, "staff").slice(0, 64);
  const original = env.text(first, "original").slice(0, 64);
  const tenders = tendersOf(first, totalMinor, env);
  const body = {
    key: keyOf(part === 1 ? key : `${key}#${part}`),
    at,
    businessDay: dayIn(env.zone, at),
    externalId: receipt,
    currency: currency.value,
    lines: all,
    ...(store.value === null ? {} : { store: store.value }),
    ...(staff === "" ? {} : { staff }),
    ...(tenders.length === 0 ? {} : { tenders }),
    ...(who.customer === undefined ? {} : { customer: who.customer }),
    ...(who.consents === undefined ? {} : { consents: [...who.consents] }),
    ...(isSplit || flags.length > 0
      ? { flags: [...flags, ...(isSplit ? ["split_receipt" as const] : [])] }
      : {}),
  };
  return {
    capture:
      isBack || totalMinor < 0
        ? { ...body, kind: "return", ...(original === "" ? {} : { original }) }
        : { ...body, kind: "sale" },
  };
}

/** Where the number of a receipt says that it is a return, some files write its amounts without a sign. */
function backward({ lines, flags }: Closed): Closed {
  if (sumMinor(lines) <= 0) return { lines, flags };
  const back = lines.map(({ amountMinor = 0, quantity, ...line }) => ({
    ...line,
    quantity: /^-|^0*(?:\.0*)?$/.test(quantity) ? quantity : `-${quantity}`,
    amountMinor: 0 - amountMinor,
  }));
  return { lines: back, flags };
}

/** A capture's key has 200 characters at most; names of stores may have more. */
const keyOf = (receipt: string): string =>
  receipt.length > 180 ? `csv:sale:${sha256Hex(receipt)}` : `csv:sale:${receipt}`;
