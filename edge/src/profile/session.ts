/** How a shard works on its customers: one task at a time, in memory first, then in one write. */
import type { CustomerId } from "@regulars/shared/ids";
import { createSerial } from "@regulars/shared/serial";
import type { Statement, Storage } from "@regulars/shared/storage/port";
import type { Policy } from "@regulars/shared/survivorship/policy";
import { createLoader, type LoadedCustomer } from "./loaded.ts";
import type { Following, Owed, OwedFragment, OwedNotice } from "./owed.ts";
import { noticesOf, noticeStatement, profileStatement } from "./statements.ts";

export interface ShardDeps {
  readonly storage: Storage;
  /** Until the centre publishes another one. */
  readonly policy: Policy;
  /** Told after the write: whose profiles say something else now, for whoever listens at this moment. */
  readonly onChanged: (customers: readonly CustomerId[]) => void;
}

export interface Session {
  readonly storage: Storage;
  readonly policy: () => Policy;
  /** One task at a time; memory that a failed write has left ahead of storage is dropped. */
  exclusive<Value>(task: () => Promise<Value>): Promise<Value>;
  load(customers: readonly CustomerId[]): Promise<(customer: CustomerId) => LoadedCustomer>;
  /** From memory, if it is there. */
  readonly loaded: (customer: CustomerId) => LoadedCustomer | null;
  /** Writes the statements, the profiles of changed customers, and who is to hear of them, at once or from then on. */
  commit(
    changed: readonly LoadedCustomer[],
    statements: readonly Statement[],
    dueMs?: number,
  ): Promise<void>;
  /** The same for a sale of this moment: whoever is to hear of it, and of its fragments, hears at once. */
  commitNow(
    changed: readonly LoadedCustomer[],
    statements: readonly Statement[],
    fragments: readonly OwedFragment[],
  ): Promise<void>;
  /** Memory is read anew from storage. */
  readonly forget: () => void;
  /** Whoever listens hears of what was written without a change of the profile. */
  readonly tell: (customers: readonly CustomerId[]) => void;
}

export function createSession(
  { storage, onChanged }: Pick<ShardDeps, "storage" | "onChanged">,
  owed: Owed,
  policy: () => Policy,
): Session {
  const loader = createLoader(storage);
  const serial = createSerial();
  async function write(
    changed: readonly LoadedCustomer[],
    statements: readonly Statement[],
    follow: (notices: readonly OwedNotice[]) => Following,
  ): Promise<void> {
    const known = changed.filter((customer) => customer.profile !== null);
    const following = follow(known.flatMap((each) => noticesOf(each)));
    await storage.write([
      ...statements,
      ...known.map((each) => profileStatement(each)),
      ...following.statements,
    ]);
    following.written?.();
    if (known.length > 0) onChanged(known.map(({ customer }) => customer));
  }
  return {
    storage,
    policy,
    tell: onChanged,
    forget: () => loader.forget(),
    exclusive: (task) =>
      serial(async () => {
        try {
          return await task();
        } catch (error) {
          loader.forget();
          throw error;
        }
      }),
    async load(customers) {
      const loaded = await loader.load(customers);
      return (id) => {
        const customer = loaded.get(id);
        if (!customer) throw new Error("a customer that was loaded is not there");
        return customer;
      };
    },
    loaded: loader.loaded,
    commit: (changed, statements, dueMs = 0) =>
      write(changed, statements, (notices) => ({
        statements: notices.map((notice) => noticeStatement(notice, dueMs)),
      })),
    commitNow: (changed, statements, fragments) =>
      write(changed, statements, (notices) => owed.add({ fragments, notices })),
  };
}

/** The store keeps the customer in its working set from now on; true when that is news. */
export function addStore(customer: LoadedCustomer, store: string): boolean {
  if (customer.stores.includes(store)) return false;
  customer.stores = [...customer.stores, store].toSorted();
  return true;
}
