/**
 * The drawers of one day: opened with a float in the morning, now and then used for no sale, counted by hand in the evening. What
 * lies in them is known here from the day's own plan, as somebody who counts knows it: no till is asked. Pure.
 */
import type { Tender } from "@regulars/shared/events/tender";
import { Temporal } from "temporal-polyfill";
import type { ShiftRequest } from "../system/agent-client.ts";
import { CURRENCY } from "./basket.ts";
import { type Action, CLOSES, type Day, type DayOptions, OPENS, timeOf, type Till } from "./day.ts";
import { chance, createDice } from "./dice.ts";

type Keyed = ShiftRequest & { readonly idempotencyKey: string };

export interface Errand {
  readonly minute: number;
  readonly source: string;
  readonly capture: Keyed;
}

export interface DrawerDay {
  readonly source: string;
  readonly store: string;
  readonly opening: Keyed;
  readonly count: Keyed;
  /** Closes; the reason is said if the count turns out to be over or short. */
  readonly close: (reason: "wrong_change" | "unknown" | undefined) => Keyed;
  /** What somebody has given out too much, in minor units; nobody knows it before the count. */
  readonly shortMinor: number;
}

export interface Drawers {
  readonly tills: readonly DrawerDay[];
  /** In the order of time. */
  readonly errands: readonly Errand[];
  /** Who seals the day of each store. */
  readonly seals: readonly {
    readonly store: string;
    readonly source: string;
    readonly capture: Keyed & { readonly kind: "seal" };
  }[];
}

const FLOAT_MINOR = 15_000;
const SHORT_MINOR = 500;
const DRAWERS_DICE = 3;
const ERRANDS = ["milk for the staff room", "window cleaner", "stamps"] as const;

export function createDrawers(seed: number, day: Day, options: DayOptions): Drawers {
  const dice = createDice(seed * 1_000 + options.day, DRAWERS_DICE);
  const at = (minute: number): string =>
    Temporal.PlainDate.from(day.date)
      .toZonedDateTime({ timeZone: options.zone, plainTime: timeOf(minute) })
      .toInstant()
      .toString();
  const tills = options.stores.flat();
  const errands: Errand[] = [];
  for (const { source } of tills) {
    const visits = dice.number.int({ min: 1, max: 3 });
    for (let nth = 1; nth <= visits; nth++) {
      const minute = dice.number.int({ min: OPENS + 1, max: CLOSES - 1 });
      const said = chance(dice, 0.5)
        ? { action: "no_sale" as const, amountMinor: 0, reason: "change for a note" }
        : {
            action: "paid_out" as const,
            amountMinor: dice.number.int({ min: 150, max: 2_000 }),
            reason: dice.helpers.arrayElement(ERRANDS),
          };
      const idempotencyKey = `day-${options.day}-drawer-${source}-${nth}`;
      errands.push({
        minute,
        source,
        capture: { kind: "drawer", currency: CURRENCY, ...said, at: at(minute), idempotencyKey },
      });
    }
  }
  errands.sort((a, b) => a.minute - b.minute);
  const careless = dice.helpers.arrayElement(tills).source;
  return {
    tills: tills.map((till) => {
      const shortMinor = till.source === careless ? SHORT_MINOR : 0;
      return drawerOf(till, { day, options, errands, at, shortMinor });
    }),
    errands,
    seals: options.stores.map(([{ store, source }]) => {
      const idempotencyKey = `day-${options.day}-seal-${store}`;
      const capture = { kind: "seal" as const, businessDay: day.date, idempotencyKey };
      return { store, source, capture: { ...capture, at: at(CLOSES + 20) } };
    }),
  };
}

interface Around {
  readonly day: Day;
  readonly options: DayOptions;
  readonly errands: readonly Errand[];
  readonly at: (minute: number) => string;
  readonly shortMinor: number;
}

function drawerOf({ source, store }: Till, around: Around): DrawerDay {
  const { day, options, errands, at, shortMinor } = around;
  const key = (what: string): string => `day-${options.day}-${what}-${source}`;
  const own = day.actions.filter((action) => action.source === source);
  const spent = errands.filter((errand) => errand.source === source);
  const lies = FLOAT_MINOR + cashOf(own) - paidOutOf(spent) - shortMinor;
  return {
    source,
    store,
    shortMinor,
    opening: {
      kind: "open",
      businessDay: day.date,
      float: [{ currency: CURRENCY, amountMinor: FLOAT_MINOR }],
      at: at(OPENS),
      idempotencyKey: key("open"),
    },
    count: {
      kind: "count",
      counted: [{ type: "cash", currency: CURRENCY, amountMinor: lies }],
      at: at(CLOSES + 5),
      idempotencyKey: key("count"),
    },
    close: (reason) => ({
      kind: "close",
      ...(reason === undefined ? {} : { reason }),
      at: at(CLOSES + 10),
      idempotencyKey: key("close"),
    }),
  };
}

/** What customers have put into the drawer, less what they were given back. */
function cashOf(actions: readonly Action[]): number {
  const cashBySale = new Map<string | undefined, number>();
  let minor = 0;
  for (const { capture } of actions) {
    if (capture.kind === "sale" || capture.kind === "return") {
      const cash = sumOf(capture.tenders ?? []);
      if (capture.kind === "sale") cashBySale.set(capture.externalId, cash);
      minor += cash;
    }
    if (capture.kind === "void") minor -= cashBySale.get(capture.voids) ?? 0;
  }
  return minor;
}

const sumOf = (tenders: readonly Tender[]): number =>
  tenders.reduce((sum, { type, amountMinor }) => sum + (type === "cash" ? amountMinor : 0), 0);

const paidOutOf = (errands: readonly Errand[]): number =>
  errands.reduce(
    (sum, { capture }) => sum + (capture.kind === "drawer" ? (capture.amountMinor ?? 0) : 0),
    0,
  );
