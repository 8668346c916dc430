/** How much waits to be read, and whether more may come (EDG5). Counted in memory, for it is asked with every delivery. */
import { LIMITS } from "@regulars/shared/limits";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import type { ReceivedItem } from "./port.ts";

interface Load {
  items: number;
  bytes: number;
}

export interface Waiting {
  /** From what is stored. */
  count(): Promise<void>;
  mayCome(account: string, items: readonly ReceivedItem[]): boolean;
  came(account: string, items: readonly ReceivedItem[]): void;
  /** One that waited for something else waits to be read again. */
  cameBack(account: string, bytes: number): void;
  /** Items that have been read, or wait for something else now. */
  went(account: string, items: number, bytes: number): void;
  items(): number;
}

export function createWaiting(storage: Storage): Waiting {
  const byAccount = new Map<string, Load>();
  const total: Load = { items: 0, bytes: 0 };
  function add(account: string, items: number, bytes: number): void {
    const load = byAccount.get(account) ?? { items: 0, bytes: 0 };
    for (const each of [load, total]) {
      each.items = Math.max(0, each.items + items);
      each.bytes = Math.max(0, each.bytes + bytes);
    }
    if (load.items === 0) byAccount.delete(account);
    else byAccount.set(account, load);
  }
  return {
    async count() {
      byAccount.clear();
      Object.assign(total, { items: 0, bytes: 0 });
      const rows = await rowsOf(
        storage,
        `select account, count(*) as items, coalesce(sum(length(body)), 0) as bytes
         from received indexed by received_due where due_ms is not null and state = 'waiting'
         group by account`,
      );
      for (const row of rows)
        add(textOf(row, "account"), numberOf(row, "items"), numberOf(row, "bytes"));
    },

    /** One item always fits an empty intake. Half of the room is everybody's; of the rest each has a share, and one never all. */
    mayCome(account, items) {
      if (total.items === 0) return true;
      const itemsThen = total.items + items.length;
      if (itemsThen > LIMITS.intakeWaitingItems) return false;
      if (total.bytes + bytesOfAll(items) > LIMITS.intakeWaitingBytes) return false;
      if (itemsThen <= LIMITS.intakeWaitingItems / 2) return true;
      const sharers = Math.max(2, new Set([...byAccount.keys(), account]).size);
      const own = (byAccount.get(account)?.items ?? 0) + items.length;
      return own <= LIMITS.intakeWaitingItems / sharers;
    },

    came: (account, items) => add(account, items.length, bytesOfAll(items)),
    cameBack: (account, bytes) => add(account, 1, bytes),
    went: (account, items, bytes) => add(account, -items, -bytes),
    items: () => total.items,
  };
}

const bytesOfAll = (items: readonly ReceivedItem[]): number =>
  items.reduce((sum, { body }) => sum + body.byteLength, 0);
