/** Whose calls are counted together, and how many of them are let through. */
import { LIMITS } from "@regulars/shared/limits";
import { createBuckets, type Rate } from "./buckets.ts";
import type { Caller } from "./caller.ts";

const buckets = createBuckets(LIMITS.knownCallers);

/** How long the caller should wait (ms); null where it need not. */
export function waitOf(caller: Caller, nowMs: number): number | null {
  const counted = countedAs(caller);
  return counted && buckets.take(counted.name, counted.rate, nowMs);
}

interface Counted {
  readonly name: string;
  readonly rate: Rate;
}

const CUSTOMER = { perSecond: LIMITS.customerCallsPerSecond, atOnce: LIMITS.customerBurstCalls };
const STAFF = { perSecond: LIMITS.staffCallsPerSecond, atOnce: LIMITS.staffBurstCalls };
const CONNECTOR = {
  perSecond: LIMITS.connectorCallsPerSecond,
  atOnce: LIMITS.connectorBurstCalls,
};
const STORE = { perSecond: LIMITS.storeCallsPerSecond, atOnce: LIMITS.storeBurstCalls };

/** A till's calls count for its store; the centre's do not count: it sets its own pace, and all stores wait for it. */
export function countedAs(caller: Caller): Counted | null {
  switch (caller.kind) {
    case "till":
      return { name: `store/${caller.store}`, rate: STORE };
    case "customer":
      return { name: `customer/${caller.key}`, rate: CUSTOMER };
    case "associate":
    case "desk":
      return { name: `staff/${caller.id}`, rate: STAFF };
    case "connector":
      return { name: `account/${caller.account.id}`, rate: CONNECTOR };
    case "centre":
      return null;
  }
}
