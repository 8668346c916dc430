/** The decision of a capture: one input becomes the events that it says, or a reason why not. Pure. */
import { canonicalJson } from "../digest.ts";
import { CLAIM_FIELDS, type Claims } from "../events/claim.ts";
import type { Flag } from "../events/event.ts";
import type { Traits } from "../events/trait.ts";
import type { Head } from "../events/seal.ts";
import type { Contribution } from "../fragment/contribution.ts";
import { type Problem, problemOf } from "../problem.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Drawer, isClosedDay, NO_DRAWER } from "../shift/drawer.ts";
import { negated } from "../shift/figures.ts";
import { dayIn } from "./business-day.ts";
import type { Draft, Voidable } from "./draft.ts";
import type { ConnectCapture } from "../connect/captures.ts";
import type { CaptureInput } from "./input.ts";
import type { CustomerPart } from "./read-customer.ts";
import { type Envelope, saidDraft } from "./said-draft.ts";
import { receiptBody, receiptFlags, type ReceiptInput } from "./receipt-body.ts";
import { shiftDraft } from "./shift-draft.ts";
import { isShiftInput, type ShiftInput } from "./shift-input.ts";

/**
 * What becomes events as it stands: all that a till says, and of what connectors say everything but orders and their money,
 * which are counted first, and the exercise of rights, which is work for a person.
 */
export type DraftInput =
  | CaptureInput
  | Extract<ConnectCapture, { kind: "behaviour" | "cart" | "loyalty" }>;

export interface DraftContext {
  readonly nowMs: number;
  readonly zone: string;
  /** Where the input names none. */
  readonly currency: string;
  /** The number that a receipt gets, if this capture makes one. */
  readonly receipt: string;
  /** What the till's own fragment of the customer's strongest key says already. */
  readonly ownClaims: Contribution["claims"];
  readonly ownTraits: Contribution["traits"];
  /** For a void: what it takes back, or null when this till knows no such receipt. */
  readonly voidable: Voidable | null;
  /** Of a terminal; connectors have none. */
  readonly till?: {
    readonly source: string;
    readonly drawer: Drawer;
    /** For a seal: the heads of this terminal's own journal. */
    readonly ownHeads: readonly Head[];
  };
}

/** The captured event first, then a claim where something is new or doubtful, then consents. */
export function draftEvents(
  input: DraftInput,
  customer: CustomerPart,
  context: DraftContext,
): Result<readonly [Draft, ...Draft[]], Problem> {
  const at = input.at ?? new Date(context.nowMs).toISOString();
  const { drawer, ...till } = context.till ?? { drawer: NO_DRAWER, source: "", ownHeads: [] };
  if (isShiftInput(input)) {
    const { zone, currency } = context;
    const draft = shiftDraft(input, { at, zone, currency, drawer, ...till });
    return draft.ok ? ok([draft.value]) : draft;
  }
  const doubtful: Flag[] = Object.keys(customer.doubtful).length > 0 ? ["doubtful_field"] : [];
  const envelope: Envelope = {
    at,
    businessDay: input.businessDay ?? businessDayOf(input.at, at, context.zone, drawer),
    subject: [...customer.keys],
    flags: [...new Set([...(input.flags ?? []), ...doubtful])].filter((flag) => flag !== "late"),
  };
  const main = mainEvent(input, customer, envelope, context);
  if (!main.ok) return main;
  const more: Draft[] = [];
  if (input.kind !== "claim") {
    const claims = newClaims(customer, context.ownClaims);
    const traits = newTraits(customer, context.ownTraits);
    const isNew = Object.keys(claims).length > 0 || Object.keys(traits).length > 0;
    const body = claimBody(claims, traits, customer);
    if (isNew || doubtful.length > 0)
      more.push({ ...envelope, flags: doubtful, kind: "claim", body });
  }
  for (const consent of customer.consents) {
    more.push({ ...envelope, flags: [], kind: "consent", body: consent });
  }
  return ok([inDrawer(main.value, drawer), ...more.map((draft) => inDrawer(draft, drawer))]);
}

/** A sale at half past midnight is of the shift that sells it; what was before the shift was opened is of its own day. */
function businessDayOf(
  said: string | undefined,
  at: string,
  zone: string,
  { open }: Drawer,
): string {
  return open && (said === undefined || said >= open.openedAt) ? open.businessDay : dayIn(zone, at);
}

const MOVES_MONEY: ReadonlySet<string> = new Set(["sale", "return", "void", "adjustment"]);

/** Of the open shift, if it is of its day. Money of a day that is closed amends that day, and is in no drawer of another (REC1). */
function inDrawer<Of extends Draft>(draft: Of, drawer: Drawer): Of {
  const { open } = drawer;
  if (open && open.businessDay === draft.businessDay) return { ...draft, shift: open.id };
  const isLate = MOVES_MONEY.has(draft.kind) && isClosedDay(drawer, draft.businessDay);
  return isLate ? { ...draft, flags: [...draft.flags, "late"] } : draft;
}

function mainEvent(
  input: Exclude<DraftInput, ShiftInput>,
  customer: CustomerPart,
  envelope: Envelope,
  context: DraftContext,
): Result<Draft, Problem> {
  switch (input.kind) {
    case "sale":
    case "return":
    case "adjustment":
      return receiptEvent(input, envelope, context);
    case "void":
      return voidEvent(input, envelope, context);
    case "behaviour":
    case "cart":
      // Of a visitor who may be anybody: told also where nobody is.
      return ok(saidDraft(input, envelope));
    case "consent":
    case "note":
    case "loyalty":
      return customer.keys.length === 0 ? noIdentifier() : ok(saidDraft(input, envelope));
    case "claim":
      return customer.keys.length === 0
        ? noIdentifier()
        : ok(claimEvent(input, customer, envelope));
  }
}

function receiptEvent(
  input: ReceiptInput,
  envelope: Envelope,
  context: DraftContext,
): Result<Draft, Problem> {
  const currency = input.currency ?? context.currency;
  const made = receiptBody(input, { receipt: context.receipt, at: envelope.at, currency });
  if (!made.ok) return made;
  const body = made.value;
  const odd = receiptFlags(input, body.lines, currency);
  const common = { ...envelope, flags: [...new Set([...envelope.flags, ...odd])] };
  switch (input.kind) {
    case "sale": {
      const { order, shop } = input;
      const paid = {
        ...(order === undefined ? {} : { order }),
        ...(shop === undefined ? {} : { shop }),
      };
      return ok({ ...common, kind: "sale", body: { ...body, ...paid } });
    }
    case "return":
      return ok({
        ...common,
        kind: "return",
        body: { ...body, ...(input.original === undefined ? {} : { original: input.original }) },
      });
    case "adjustment":
      return ok({ ...common, kind: "adjustment", body: { ...body, reason: input.reason } });
  }
}

/**
 * The voided receipt's customer is the void's, whoever stands at the till: its totals are what changes. Its money goes out of the
 * drawer that is open now, by the tenders that it came in by, whatever day it was of: a closed Z report stays as it was.
 */
function voidEvent(
  input: Extract<CaptureInput, { kind: "void" }>,
  envelope: Envelope,
  { receipt, voidable }: DraftContext,
): Result<Draft, Problem> {
  if (!voidable) {
    const errors = [{ field: "voids", reason: "is not the number of a receipt of this till" }];
    return fail(problemOf("invalid_field", { errors }));
  }
  if (voidable.voided) {
    return fail(problemOf("conflict", { detail: "The receipt has been voided before." }));
  }
  return ok({
    ...envelope,
    subject: [...voidable.subject],
    kind: "void",
    body: {
      receipt,
      voids: voidable.receipt,
      currency: voidable.currency,
      totalMinor: 0 - voidable.totalMinor, // not -0
      ...(voidable.tenders ? { tenders: voidable.tenders.map((tender) => negated(tender)) } : {}),
      ...(input.reason === undefined ? {} : { reason: input.reason }),
    },
  });
}

/** All of it, also what is known: said again is newer. */
function claimEvent(
  input: Extract<DraftInput, { kind: "claim" }>,
  customer: CustomerPart,
  envelope: Envelope,
): Draft {
  const body = claimBody(customer.claims, customer.traits, customer);
  const verified = input.verified ? { verified: input.verified } : {};
  return { ...envelope, kind: "claim", body: { ...body, ...verified } };
}

function claimBody(claims: Claims, traits: Traits, { doubtful, repaired }: CustomerPart) {
  const mended = repaired.filter((field) => field in claims);
  return {
    claims,
    ...(Object.keys(traits).length === 0 ? {} : { traits }),
    ...(Object.keys(doubtful).length === 0 ? {} : { doubtful: { ...doubtful } }),
    ...(mended.length === 0 ? {} : { repaired: mended }),
  };
}

/** What the till's own fragment does not say yet. Without a key it is kept all the same, and merged nowhere. */
function newClaims(customer: CustomerPart, own: Contribution["claims"]): Claims {
  const fresh: Claims = {};
  for (const field of CLAIM_FIELDS) {
    const value = customer.claims[field];
    const known = own[field]?.value;
    if (value === undefined) continue;
    if (known !== undefined && canonicalJson(known) === canonicalJson(value)) continue;
    Object.assign(fresh, { [field]: value });
  }
  return fresh;
}

/** The same for traits. */
function newTraits({ traits }: CustomerPart, own: Contribution["traits"]): Traits {
  return Object.fromEntries(
    Object.entries(traits).filter(([name, value]) => own[name]?.value !== value),
  );
}

const noIdentifier = (): Result<never, Problem> =>
  fail(
    problemOf("invalid_field", {
      errors: [{ field: "customer", reason: "needs a usable loyaltyNumber, email or phone" }],
    }),
  );
