/** An item is read: by the mapper of its format, then each capture's customer and lines. Nothing is decided yet. */
import type { Account } from "@regulars/shared/connect/account";
import { type ConnectCapture, worthMinor } from "@regulars/shared/connect/captures";
import { type Failure, failureOf } from "@regulars/shared/connect/failure";
import type { Mapper, Proven } from "@regulars/shared/connect/mapper";
import { parseOwn } from "../own-json.ts";
import { NO_WORTH, type Worth } from "./outcome.ts";
import type { Item } from "./page.ts";
import type { TakenOrder } from "./port.ts";
import { prepare, type Prepared } from "./prepared.ts";
import { TAKEN } from "./receive.ts";
import { asTrusted, brokenRule, isIgnored } from "./rules.ts";

export type ReadItem =
  | { readonly is: "captures"; readonly captures: readonly Prepared[]; readonly worth: Worth }
  | { readonly is: "taken"; readonly taken: TakenOrder }
  | { readonly is: "needs"; readonly path: string }
  | { readonly is: "ignored" }
  | { readonly is: "failed"; readonly failure: Failure; readonly worth: Worth };

export interface ReadContext {
  readonly mappers: Readonly<Record<string, Mapper>>;
  readonly pepper: string;
  readonly nowMs: number;
}

const failed = (failure: Failure, worth = NO_WORTH): ReadItem => ({ is: "failed", failure, worth });

/** Throws where a mapper does: a mistake of ours, which concerns this item alone. */
export function readItem(item: Item, account: Account | null, context: ReadContext): ReadItem {
  if (item.format === TAKEN) {
    return { is: "taken", taken: parseOwn<TakenOrder>(new TextDecoder().decode(item.body)) };
  }
  const mapper = context.mappers[item.format];
  if (!account || !mapper) return failed(failureOf("unknown_topic"));
  const { topic, headers, body, fetched } = item;
  const mapped = mapper(
    {
      topic,
      headers,
      body,
      receivedAtMs: item.receivedMs,
      ...(fetched === null ? {} : { fetched }),
    },
    account,
  );
  if (!mapped.ok) return failed(mapped.reason);
  if ("needs" in mapped.value) return { is: "needs", path: mapped.value.needs.path };
  const { captures, proven } = mapped.value;
  const more = { isApproved: item.isApproved, ...(proven ? { proven } : {}) };
  return readCaptures(captures, account, { ...context, ...more });
}

interface CapturesContext extends ReadContext {
  readonly isApproved: boolean;
  readonly proven?: Proven;
}

function readCaptures(
  captures: readonly ConnectCapture[],
  account: Account,
  { pepper, nowMs, isApproved, proven }: CapturesContext,
): ReadItem {
  const worth = worthOf(captures);
  const kept = captures.filter((capture) => !isIgnored(capture, account.rules));
  if (captures.length > 0 && kept.length === 0) return { is: "ignored" };
  const prepared: Prepared[] = [];
  for (const said of kept) {
    const capture = isApproved ? said : asTrusted(said, account.rules);
    const read = prepare(capture, account, pepper, proven);
    if (!read.ok) return failed(read.reason, worth);
    const { money, customer } = read.value;
    const totals = { totalMinor: money?.totalMinor ?? 0, isKnown: customer.keys.length > 0 };
    const broken = isApproved ? null : brokenRule(said, totals, account.rules, nowMs);
    if (broken) return failed(broken, worth);
    prepared.push(read.value);
  }
  return { is: "captures", captures: prepared, worth };
}

/** Of the largest: an item is looked at once, however much it holds. */
function worthOf(captures: readonly ConnectCapture[]): Worth {
  let worth = NO_WORTH;
  for (const capture of captures) {
    const minor = worthMinor(capture);
    if (minor > worth.minor && "lines" in capture) worth = { minor, currency: capture.currency };
  }
  return worth;
}
