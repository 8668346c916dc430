/**
 * Whose profiles have changed and whose stores have not been told, remembered instead of written: each has a fragment that
 * waits for its delivery, and by that it is found again when the object was gone. A notice would be three more rows for
 * nearly every sale. What cannot be told at once, or is delivered first, becomes a notice (notify.ts).
 */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";

export interface News {
  add(customer: CustomerId, version: number): void;
  /** The first of them, no more than `max`. */
  some(max: number): CustomerId[];
  /** Stores know this version; a newer one stays. */
  told(customer: CustomerId, version: number): void;
  /** Notices for those of these that are not told yet; after the write they are `kept`. */
  notices(customers: readonly CustomerId[]): { statements: Statement[]; kept: () => void };
}

export function createNews(): News {
  const versions = new Map<CustomerId, number>();
  const told = (customer: CustomerId, version: number): void => {
    if ((versions.get(customer) ?? 0) <= version) versions.delete(customer);
  };
  return {
    add: (customer, version) => void versions.set(customer, version),
    some: (max) => [...versions.keys().take(max)],
    told,
    notices(customers) {
      const waiting = customers.flatMap((customer) => {
        const version = versions.get(customer);
        return version === undefined ? [] : [{ customer, version }];
      });
      return {
        statements: waiting.map(({ customer }) => noticesOf("p.customer = ?", [customer])),
        kept: () => {
          for (const { customer, version } of waiting) told(customer, version);
        },
      };
    },
  };
}

/** Of an object that was gone: whoever has something to deliver may have been told of to nobody. */
export const forgottenNews = (): Statement =>
  noticesOf("p.customer in (select customer from undelivered)", []);

const noticesOf = (which: string, args: Statement["args"]): Statement => ({
  sql: `insert into notice (store, customer, version, due_ms)
        select s.value, p.customer, p.version, 0 from profile p join json_each(p.stores) s where ${which}
        on conflict (store, customer) do update
          set version = max(version + 1, excluded.version), due_ms = 0`,
  args: args ?? [],
});
