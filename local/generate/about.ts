/** What a generated folder says of itself: how to make it again, and what to expect in it. No clock: same seed, same bytes. */
import { z } from "zod";
import { CASES, type Case } from "./cases.ts";
import type { Channel } from "./source-record.ts";

/** Raised when the same seed gives other bytes than before: results on two versions cannot be compared. */
const VERSION = 1;

export const aboutSchema = z.object({
  generator: z.literal("regulars labelled town"),
  version: z.int(),
  seed: z.int(),
  customers: z.int(),
  households: z.int(),
  records: z.int(),
  /** Pairs of records of one customer: what a perfect resolution finds. */
  truePairs: z.int(),
  recordsByChannel: z.record(z.string(), z.int()),
  recordsByCase: z.record(z.string(), z.int()),
});
export type About = z.infer<typeof aboutSchema>;

export interface Tally {
  count(record: { customer: number; household: number; channel: Channel; mainCase: Case }): void;
  about(seed: number): About;
}

/** Records arrive customer by customer, household by household. */
export function createTally(): Tally {
  const byChannel = { till: 0, web: 0, app: 0, desk: 0, import: 0 };
  const byCase = new Map<Case, number>(CASES.map((each) => [each, 0]));
  let [customers, households, records, truePairs] = [0, 0, 0, 0];
  let [customerNow, householdNow, ofCustomer] = [0, 0, 0];
  return {
    count: ({ customer, household, channel, mainCase }) => {
      if (customer !== customerNow) [customers, ofCustomer] = [customers + 1, 0];
      if (household !== householdNow) households++;
      [customerNow, householdNow] = [customer, household];
      truePairs += ofCustomer++;
      records++;
      byChannel[channel]++;
      byCase.set(mainCase, (byCase.get(mainCase) ?? 0) + 1);
    },
    about: (seed) => ({
      generator: "regulars labelled town",
      version: VERSION,
      seed,
      customers,
      households,
      records,
      truePairs,
      recordsByChannel: byChannel,
      recordsByCase: Object.fromEntries(byCase),
    }),
  };
}
