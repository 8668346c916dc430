/**
 * Shifts and days: what is decided when a drawer is opened, used, counted and closed, and when the store's day is sealed. A
 * refusal leaves everything as it was; a count that was taken stays whatever becomes of the close. Pure.
 */
import type { Compared } from "../events/close.ts";
import type { Counted } from "../events/count.ts";
import { LIMITS } from "../limits.ts";
import { type Problem, problemOf } from "../problem.ts";
import { fail, ok, type Result } from "../result.ts";
import { type Drawer, isCountableMinor, type OpenShift } from "../shift/drawer.ts";
import { expectedOf, type ShiftFigures } from "../shift/figures.ts";
import { merkleRoot, sortedHeads } from "../shift/merkle.ts";
import type { Head } from "../events/seal.ts";
import { writerOf } from "../ids.ts";
import { dayIn } from "./business-day.ts";
import type { Draft } from "./draft.ts";
import type { ShiftInput } from "./shift-input.ts";

export interface ShiftContext {
  readonly at: string;
  readonly zone: string;
  readonly currency: string;
  readonly source: string;
  readonly drawer: Drawer;
  /** Of this terminal's journal, one for each epoch that the day's rows lie in. */
  readonly ownHeads: readonly Head[];
}

type Of<Kind extends ShiftInput["kind"]> = Extract<ShiftInput, { kind: Kind }>;
type Drafted = Result<Draft, Problem>;

export function shiftDraft(input: ShiftInput, context: ShiftContext): Drafted {
  switch (input.kind) {
    case "open":
      return openDraft(input, context);
    case "seal":
      return sealDraft(input, context);
    case "drawer":
    case "count":
    case "close":
      return inShift(input, context);
  }
}

function openDraft(input: Of<"open">, { at, zone, drawer }: ShiftContext): Drafted {
  const businessDay = input.businessDay ?? dayIn(zone, at);
  if (drawer.open) return conflict(`Shift ${drawer.open.number} is open; close it first.`);
  if (drawer.closed.get(businessDay)?.isSealed === true) {
    return conflict("The day has been sealed here; what comes later is an amendment to it.");
  }
  if (!input.float.every(({ amountMinor }) => isCountableMinor(amountMinor)))
    return tooMuch("float");
  const body = { number: drawer.shifts + 1, float: input.float, ...staffOf(input) };
  return ok({ at, businessDay, subject: [], flags: [], kind: "open", body });
}

function inShift(input: Of<"drawer" | "count" | "close">, context: ShiftContext): Drafted {
  const { open } = context.drawer;
  if (!open) return conflict("No shift is open here; open one first.");
  const { businessDay, id: shift } = open;
  const envelope = { at: context.at, businessDay, subject: [], flags: [], shift };
  switch (input.kind) {
    case "drawer": {
      const { action, amountMinor, reason, currency = context.currency } = input;
      if (!isCountableMinor(amountMinor)) return tooMuch("amountMinor");
      const body = { action, currency, amountMinor, reason, ...staffOf(input) };
      return ok({ ...envelope, kind: "drawer", body });
    }
    case "count": {
      if (!sumsOf(input.counted).every(([, sum]) => isCountableMinor(sum)))
        return tooMuch("counted");
      const body = { counted: input.counted, ...staffOf(input) };
      return ok({ ...envelope, kind: "count", body });
    }
    case "close":
      return closeDraft(input, open, envelope);
  }
}

function closeDraft(
  input: Of<"close">,
  { number, figures, count }: OpenShift,
  envelope: Omit<Draft, "kind" | "body">,
): Drafted {
  const { reason, note } = input;
  const compared = compare(figures, count?.counted ?? []);
  const differs = compared.some(({ differenceMinor }) => differenceMinor !== 0);
  if (differs && reason === undefined) {
    const why = "is needed, for the count is over or short; the count stays";
    return fail(problemOf("invalid_field", { errors: [{ field: "reason", reason: why }] }));
  }
  const said = {
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined ? {} : { note }),
  };
  return ok({
    ...envelope,
    kind: "close",
    body: { number, ...staffOf(input), figures, compared, ...said },
  });
}

/** What was counted against what should be there; tenders that nobody counted are not compared. */
export function compare(figures: ShiftFigures, counted: readonly Counted[]): Compared[] {
  return sumsOf(counted).map(([{ type, currency }, countedMinor]) => {
    const expectedMinor = expectedOf(figures, type, currency);
    const differenceMinor = countedMinor - expectedMinor;
    return { type, currency, countedMinor, expectedMinor, differenceMinor };
  });
}

/** Two bags of coins are one sum. */
function sumsOf(counted: readonly Counted[]): [Counted, number][] {
  const sums = new Map<string, [Counted, number]>();
  for (const each of counted) {
    const name = `${each.type} ${each.currency}`;
    const [first, sum] = sums.get(name) ?? [each, 0];
    sums.set(name, [first, sum + each.amountMinor]);
  }
  return [...sums.values()];
}

function sealDraft(input: Of<"seal">, { at, drawer, source, ownHeads }: ShiftContext): Drafted {
  const { businessDay } = input;
  if (input.heads.some((head) => head.source === source)) {
    return wrong("heads", "name this terminal itself; its own head is taken from its journal");
  }
  const heads = sortedHeads([...input.heads, ...ownHeads]);
  const writers = new Set(heads.map((head) => writerOf(head.source, head.epoch)));
  if (writers.size < heads.length) return wrong("heads", "name a journal twice");
  if (heads.length > LIMITS.storeTerminals) return wrong("heads", "are more than a store has");
  const { open } = drawer;
  if (open && open.businessDay <= businessDay) {
    return conflict(`Shift ${open.number} is open; close it before the day is sealed.`);
  }
  if (drawer.closed.get(businessDay)?.isSealed === true) {
    return conflict("The day has been sealed here before.");
  }
  if (heads.length === 0) return conflict("No terminal has captured anything; nothing to seal.");
  const body = { number: drawer.seals + 1, heads, root: merkleRoot(heads), ...staffOf(input) };
  return ok({ at, businessDay, subject: [], flags: [], kind: "seal", body });
}

const staffOf = ({ staff }: { readonly staff?: string | undefined }) =>
  staff === undefined ? {} : { staff };

const conflict = (detail: string): Result<never, Problem> =>
  fail(problemOf("conflict", { detail }));

const wrong = (field: string, reason: string): Result<never, Problem> =>
  fail(problemOf("invalid_field", { errors: [{ field, reason }] }));

export const tooMuch = (field: string): Result<never, Problem> =>
  wrong(field, "comes to more money than can be counted");
