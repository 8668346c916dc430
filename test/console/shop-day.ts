/** A business day at the tills of a house: drawers are opened, sold from, counted blind and closed, and each store's day sealed. */
import type { OVER_SHORT_REASONS } from "@regulars/shared/events/close";
import type { Tender } from "@regulars/shared/events/tender";
import { expect } from "vitest";
import type { CaptureAnswer, CaptureRequest } from "../../local/system/agent-client.ts";
import { type House, sale } from "../house.ts";

export const FLOAT_MINOR = 10_000;
export const PAID_OUT_MINOR = 700;

export const gbp = (type: Tender["type"], amountMinor: number, reference?: string): Tender => ({
  type,
  amountMinor,
  ...(reference === undefined ? {} : { reference }),
});
export const total = (tenders: readonly Tender[], type?: Tender["type"]): number =>
  tenders.reduce((sum, each) => (type && each.type !== type ? sum : sum + each.amountMinor), 0);

interface SaleOptions {
  readonly hour: number;
  readonly tenders: Tender[];
  readonly customer?: Record<string, unknown>;
  /** What it comes to, where that is not what was paid. */
  readonly totalMinor?: number;
}

export interface Evening {
  readonly offMinor?: number;
  readonly reason?: (typeof OVER_SHORT_REASONS)[number];
}

/** `at` counts tills. All times are of the day, by a clock in London's winter. */
export function createShopDay(house: House, businessDay: string) {
  const timeOf = (hour: number, minute = 0): string =>
    `${businessDay}T${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}:00Z`;
  const capture = (at: number, input: CaptureRequest) => house.capture(at, input);
  let minute = 0;
  return {
    open: (at: number): Promise<CaptureAnswer> =>
      capture(at, {
        kind: "open",
        at: timeOf(8),
        businessDay,
        float: [{ currency: "GBP", amountMinor: FLOAT_MINOR }],
        staff: `op-${at + 1}`,
      }),
    sell(at: number, { hour, tenders, customer, totalMinor }: SaleOptions): Promise<CaptureAnswer> {
      minute = (minute + 7) % 60;
      return capture(at, {
        ...sale(totalMinor ?? total(tenders), customer),
        at: timeOf(hour, minute),
        tenders,
        staff: `op-${at + 1}`,
      });
    },
    takeBack: (at: number, minor: number): Promise<CaptureAnswer> =>
      capture(at, {
        kind: "return",
        at: timeOf(15),
        lines: [{ sku: "tea", quantity: "-1", amountMinor: -minor }],
        tenders: [gbp("cash", -minor)],
      }),
    payOut: (at: number): Promise<CaptureAnswer> =>
      capture(at, {
        kind: "drawer",
        at: timeOf(14),
        action: "paid_out",
        amountMinor: PAID_OUT_MINOR,
        reason: "window cleaner",
      }),
    /** Nobody is shown what should be there before they have said what is. */
    async close(at: number, cashMinor: number, { offMinor = 0, reason }: Evening = {}) {
      const { client } = house.till(at);
      expect((await client.shift()).open?.compared, "a blind count").toEqual([]);
      const counted = [
        { type: "cash" as const, currency: "GBP", amountMinor: cashMinor + offMinor },
      ];
      await capture(at, { kind: "count", at: timeOf(19), counted });
      const { open } = await client.shift();
      expect(open?.compared).toMatchObject([
        { expectedMinor: cashMinor, differenceMinor: offMinor },
      ]);
      return capture(at, {
        kind: "close",
        at: timeOf(19, 5),
        staff: `op-${at + 1}`,
        ...(reason === undefined ? {} : { reason }),
      });
    },
    /** One till of a store asks the others in the shop for their heads, over no network but the shop's. */
    async seal(at: number, others: readonly number[]): Promise<CaptureAnswer> {
      const days = await Promise.all(
        others.map((other) => house.till(other).client.day(businessDay)),
      );
      const heads = days.flatMap((day) => day.heads);
      return capture(at, { kind: "seal", at: timeOf(19, 30), businessDay, heads });
    },
  };
}
export type ShopDay = ReturnType<typeof createShopDay>;
