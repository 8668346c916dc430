/** Shifts of a plan: drawers are opened, used, counted and closed, and days sealed, in this order but at whatever moment. */
import type { Random } from "./random.ts";

/** The day on which all plans begin, and the one before, which is closed by then or not. */
const DAYS = ["2026-05-31", "2026-06-01"] as const;

export interface DrawerStep {
  readonly atMs: number;
  readonly kind: "capture";
  readonly till: string;
  readonly tag: string;
  readonly input: object;
}

export function drawerSteps(
  random: Random,
  tills: readonly string[],
  spanMs: number,
): DrawerStep[] {
  const steps: DrawerStep[] = [];
  const till = random.pick(tills);
  let atMs = 0;
  const add = (input: (tag: string) => object): void => {
    const tag = `d${steps.length + 1}`;
    steps.push({ atMs: Math.floor(atMs), kind: "capture", till, tag, input: input(tag) });
    atMs += random() * spanMs * 0.4;
  };
  for (let shift = 1, last = random.int(1, 3); shift <= last; shift++) {
    const day = random.chance(0.5) ? { businessDay: random.pick(DAYS) } : {};
    const float = [{ currency: "GBP", amountMinor: random.int(0, 20_000) }];
    add((tag) => ({ kind: "open", ...day, float, staff: tag }));
    if (random.chance(0.5)) {
      const action = random.pick(["paid_in", "paid_out"]);
      const amountMinor = random.int(1, 500);
      add((tag) => ({ kind: "drawer", action, amountMinor, reason: tag }));
    }
    if (random.chance(0.5)) {
      const counted = [{ type: "cash", currency: "GBP", amountMinor: random.int(0, 30_000) }];
      add((tag) => ({ kind: "count", counted, staff: tag }));
    }
    if (random.chance(0.8)) add((tag) => ({ kind: "close", reason: "unknown", note: tag }));
  }
  if (random.chance(0.3)) {
    const businessDay = random.pick(DAYS);
    add((tag) => ({ kind: "seal", businessDay, staff: tag }));
  }
  return steps;
}

/** Paid in cash or by card, and now and then for a day that may be closed. */
export function atDrawer(random: Random, input: object): object {
  if (!("lines" in input) || !Array.isArray(input.lines)) return input;
  const [line] = input.lines as readonly { readonly amountMinor: number }[];
  const tenders = [{ type: random.pick(["cash", "card"]), amountMinor: line?.amountMinor ?? 0 }];
  const day = random.chance(0.3) ? { businessDay: random.pick(DAYS) } : {};
  return { ...input, tenders, ...day };
}
