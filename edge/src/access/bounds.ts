/** What an action may be about, beyond that the table grants it: own journal, own store, own profile. */
import { RESEALED_EPOCHS } from "@regulars/shared/ids";
import type { Caller } from "./caller.ts";
import { fieldsFor } from "./fields-for.ts";

interface Place {
  readonly source: string;
  readonly store: string;
}

interface Writer extends Place {
  readonly epoch: number;
}

/** The store's working set is for tills that are enrolled in it now. */
export function mayListen(caller: Caller, { source, store }: Place): boolean {
  return caller.kind === "till" && source === caller.source && store === caller.store;
}

export function mayPull(caller: Caller, writer: Writer): boolean {
  return mayListen(caller, writer) && isOwnEpoch(caller, writer.epoch);
}

/**
 * A till writes its own journal alone. What is left of a closed epoch goes where that epoch was, also after the till has
 * moved to another store: to stores that it was once enrolled for, and no answer of a push shows a profile (SYN3).
 */
export function mayPush(caller: Caller, { source, store, epoch }: Writer): boolean {
  if (caller.kind !== "till" || source !== caller.source) return false;
  if (!isOwnEpoch(caller, epoch)) return false;
  if (store === caller.store) return true;
  return epoch !== caller.epoch && caller.formerStores.includes(store);
}

/** Closed ones, and those that rows were sealed anew in, whose numbers are not counted. A newer one needs a new token. */
function isOwnEpoch(caller: Caller, epoch: number): boolean {
  return caller.kind === "till" && (epoch <= caller.epoch || epoch >= RESEALED_EPOCHS);
}

/** Whoever looks up for a store puts the customer into its working set. */
export function mayAskFor(caller: Caller, store: string | undefined): boolean {
  if (store === undefined) return true;
  switch (caller.kind) {
    case "till":
    case "associate":
      return store === caller.store;
    case "customer":
      return false;
    case "desk":
    case "connector":
    case "centre":
      return true;
  }
}

/** A connector reads its own account; whoever keeps accounts reads all of them. */
export function mayReadAccount(caller: Caller, id: string): boolean {
  if (fieldsFor(caller, "accounts.manage")) return true;
  return caller.kind === "connector" && caller.account.id === id;
}
