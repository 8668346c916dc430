/** An invoice of a file, in the words of the agent's API, with what is remarkable about it. */
import { CommandFailure } from "../command.ts";
import type { ReceiptRequest } from "../system/agent-client.ts";

export interface Invoice {
  readonly capture: ReceiptRequest;
  readonly currency: string;
  /** The lines' sum as this file's reader adds it up; the system's own figure is compared with it. */
  readonly totalMinor: number;
  /** How far the file has been read, from 0 to 1. */
  readonly position: number;
  readonly dirt: Dirt;
}

/** Dirt is kept, and named by how often it was met. */
export interface Dirt {
  readonly adjustments: number;
  readonly twoTimestamps: number;
  readonly negativeQuantitySales: number;
  readonly fractionPrices: number;
  readonly splitReceipts: number;
  readonly twoCustomers: number;
}

export const NO_DIRT: Dirt = {
  adjustments: 0,
  twoTimestamps: 0,
  negativeQuantitySales: 0,
  fractionPrices: 0,
  splitReceipts: 0,
  twoCustomers: 0,
};

export function addDirt(a: Dirt, b: Dirt): Dirt {
  return {
    adjustments: a.adjustments + b.adjustments,
    twoTimestamps: a.twoTimestamps + b.twoTimestamps,
    negativeQuantitySales: a.negativeQuantitySales + b.negativeQuantitySales,
    fractionPrices: a.fractionPrices + b.fractionPrices,
    splitReceipts: a.splitReceipts + b.splitReceipts,
    twoCustomers: a.twoCustomers + b.twoCustomers,
  };
}

/** The input breaks off; thrown after everything before it. The message goes on, so it has no full stop. */
export class BrokenInput extends CommandFailure {}
