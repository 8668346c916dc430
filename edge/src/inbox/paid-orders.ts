/** Sales that pay an order of a shop: its intake has to know before the sale counts as merged (ING2). */
import { eventKeyOf, storeIdSchema } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { z } from "zod";
import type { TakenOrder } from "../intake/port.ts";

export interface IntakesPort {
  /** Resolves once it is durable there; the same again has no second effect. */
  taken(shop: string, orders: readonly TakenOrder[]): Promise<void>;
}

export interface Paid {
  readonly shop: string;
  readonly order: string;
  readonly at: string;
}

const payingSchema = z.object({
  kind: z.literal("sale"),
  at: z.string(),
  body: z.object({ shop: storeIdSchema, order: z.string().min(1).max(LIMITS.orderIdChars) }),
});

/** Null for every other event. */
export function paidBy(body: string): Paid | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null; // set aside as `not_an_event`
  }
  const { data } = payingSchema.safeParse(json);
  return data ? { ...data.body, at: data.at } : null;
}

interface PayingItem {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
  readonly pays: Paid | null;
}

/** Those whose shop could not be told: their mark waits, and they are told again. */
export async function tellShops<Item extends PayingItem>(
  { intakes }: { readonly intakes: IntakesPort },
  items: readonly Item[],
): Promise<Item[]> {
  const paying = items.filter(({ pays }) => pays !== null);
  const untold: Item[] = [];
  for (const [shop, ofShop] of Map.groupBy(paying, ({ pays }) => pays?.shop ?? "")) {
    const orders = ofShop.flatMap(({ source, epoch, seq, pays }) =>
      pays ? [{ order: pays.order, event: eventKeyOf(source, epoch, seq), at: pays.at }] : [],
    );
    try {
      await intakes.taken(shop, orders);
    } catch {
      untold.push(...ofShop); // the shop's intake is away: the next round asks again
    }
  }
  return untold;
}
