/** Which of two messages about an order is the later one, where its other side counts whole seconds. */
import type { OrderState } from "../../events/order.ts";

const STAGES: readonly OrderState[] = ["placed", "paid", "fulfilled", "cancelled"];

/** Time of the change in ms. Within one second, what is further along came later. */
export const revisionOf = (changed: string, state: OrderState): number =>
  Math.floor(Date.parse(changed) / 1_000) * 1_000 + STAGES.indexOf(state);
