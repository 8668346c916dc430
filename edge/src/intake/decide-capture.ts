/** One capture of an item: what events it becomes, in which journal, or why it cannot be used. */
import { dayIn } from "@regulars/shared/capture/business-day";
import type { Draft } from "@regulars/shared/capture/draft";
import { type Envelope, saidDraft } from "@regulars/shared/capture/said-draft";
import type { Account } from "@regulars/shared/connect/account";
import type { ConnectCapture } from "@regulars/shared/connect/captures";
import { failureOf } from "@regulars/shared/connect/failure";
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { decideOrder, decideRefund, decideTaken, type Undecided } from "./decide-order.ts";
import { identityDrafts, isNewConsent } from "./identity-drafts.ts";
import { doubtfulFlags, type Prepared } from "./prepared.ts";
import { pairOf, type Stage } from "./stage.ts";

const MONEY: ReadonlySet<string> = new Set(["sale", "return", "void"]);

/** Null also for what was told before: it has had its effect (SYN2). */
export function decideCapture(stage: Stage, account: Account, prepared: Prepared): Undecided {
  const { capture } = prepared;
  if (!stage.tell(account.id, capture.key, MONEY.has(capture.kind))) return null;
  switch (capture.kind) {
    case "order":
      return decideOrder(stage, account, capture, prepared);
    case "refund":
      return decideRefund(stage, account, capture, prepared);
    case "sale":
    case "return":
      return decideReceipt(stage, account, capture, prepared);
    case "void":
      return decideVoid(stage, account, capture, prepared);
    case "privacy":
      return decidePrivacy(stage, account, capture, prepared);
    case "claim":
    case "consent":
    case "note":
    case "behaviour":
    case "cart":
    case "loyalty":
      return decideSaid(stage, account, capture, prepared);
  }
}

type Of<Kind extends ConnectCapture["kind"]> = Extract<ConnectCapture, { kind: Kind }>;

function envelopeOf(account: Account, { capture, customer }: Prepared): Envelope {
  return {
    at: capture.at,
    businessDay: capture.businessDay ?? dayIn(account.zone, capture.at),
    subject: customer.keys.slice(0, LIMITS.subjectKeys),
    flags: [...new Set([...(capture.flags ?? []), ...doubtfulFlags(customer)])],
  };
}

/** A receipt of a drawer is counted as it is; if it names an order, it pays that (ING2). */
function decideReceipt(
  stage: Stage,
  account: Account,
  capture: Of<"sale" | "return">,
  prepared: Prepared,
): Undecided {
  const { money, customer } = prepared;
  if (!money) throw new Error("a receipt was not added up");
  const receipt = capture.externalId ?? sha256Hex(`${account.id}/${capture.key}`).slice(0, 24);
  const subject = customer.keys.slice(0, LIMITS.subjectKeys);
  const envelope = { ...envelopeOf(account, prepared), flags: [...money.flags] };
  const body = {
    receipt,
    ...(capture.externalId === undefined ? {} : { externalId: capture.externalId }),
    ...(capture.staff === undefined ? {} : { staff: capture.staff }),
    currency: money.currency,
    lines: [...money.lines],
    tenders: [...money.tenders],
    totalMinor: money.totalMinor,
  };
  const { currency, totalMinor } = money;
  stage.receipts.set(pairOf(account.id, receipt), {
    receipt,
    currency,
    totalMinor,
    subject,
    voided: false,
  });
  if (capture.kind === "sale") {
    const order = capture.order === undefined ? {} : { order: capture.order };
    stage.draft(account, { ...envelope, kind: "sale", body: { ...body, ...order } }, capture.store);
  } else {
    const original = capture.original === undefined ? {} : { original: capture.original };
    const draft: Draft = { ...envelope, kind: "return", body: { ...body, ...original } };
    stage.draft(account, draft, capture.store);
  }
  addIdentity(stage, account, prepared);
  if (capture.kind === "sale" && capture.order !== undefined) {
    decideTaken(stage, { order: capture.order, event: pairOf(account.id, capture.key) });
  }
  return null;
}

/** In the voided receipt's fragment, whoever is named: its totals are what changes. */
function decideVoid(
  stage: Stage,
  account: Account,
  capture: Of<"void">,
  prepared: Prepared,
): Undecided {
  const voidable = stage.receiptOf(account.id, capture.voids);
  if (!voidable) {
    const wants = pairOf(account.id, capture.voids);
    return { failure: failureOf("unknown_receipt", "voids"), wants };
  }
  if (voidable.voided) return { failure: failureOf("already_voided", "voids") };
  stage.receipts.set(pairOf(account.id, capture.voids), { ...voidable, voided: true });
  const { receipt, currency, totalMinor, subject } = voidable;
  stage.draft(
    account,
    {
      ...envelopeOf(account, prepared),
      subject: [...subject],
      kind: "void",
      body: {
        receipt: `${receipt.slice(0, 60)}-v`,
        voids: receipt,
        currency,
        totalMinor: 0 - totalMinor, // not -0
        ...(capture.reason === undefined ? {} : { reason: capture.reason }),
      },
    },
    capture.store,
  );
  return null;
}

/** Work for a person: the desk lists it until somebody says that it is done. */
function decidePrivacy(
  stage: Stage,
  account: Account,
  capture: Of<"privacy">,
  { customer }: Prepared,
): Undecided {
  const { nowMs } = stage.view;
  stage.statements.push({
    sql: `insert into privacy (account, key, request, at_ms, due_ms, subject, orders)
          values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    args: [
      account.id,
      capture.key,
      capture.request,
      Date.parse(capture.at),
      nowMs + LIMITS.privacyDays * 86_400_000,
      JSON.stringify(customer.keys),
      JSON.stringify(capture.orders ?? []),
    ],
  });
  return null;
}

/** What was said by or of somebody: of nobody it says nothing. */
function decideSaid(
  stage: Stage,
  account: Account,
  capture: Of<"claim" | "consent" | "note" | "behaviour" | "cart" | "loyalty">,
  prepared: Prepared,
): Undecided {
  if (prepared.customer.keys.length === 0) {
    return { failure: failureOf("no_identity", "customer") };
  }
  const envelope = envelopeOf(account, prepared);
  const own = stage.saying(account, prepared.customer.keys[0]);
  if (capture.kind === "claim") {
    addIdentity(stage, account, prepared, {
      isWhole: true,
      isAlone: true,
      isVerified: capture.verified === true,
    });
    return null;
  }
  const draft = saidDraft(capture, envelope);
  const isOvertaken =
    capture.kind === "consent" &&
    !isNewConsent(capture, { customer: prepared.customer, envelope, own });
  if (!isOvertaken) stage.draft(account, draft, capture.store);
  addIdentity(stage, account, prepared);
  return null;
}

function addIdentity(
  stage: Stage,
  account: Account,
  prepared: Prepared,
  how: {
    readonly isWhole?: boolean;
    readonly isAlone?: boolean;
    readonly isVerified?: boolean;
  } = {},
): void {
  const { customer, capture, isOwn } = prepared;
  const envelope = { ...envelopeOf(account, prepared), flags: [] };
  const own = stage.saying(account, customer.keys[0]);
  for (const draft of identityDrafts({ customer, envelope, own, isOwn, ...how })) {
    stage.draft(account, draft, capture.store);
  }
}
