/** The writes of a profile shard. */
import type { Clamps } from "@regulars/shared/fragment/clamp";
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import { linesOf, textOfLines } from "../serve/view.ts";
import type { LoadedCustomer, LoadedFragment } from "./loaded.ts";
import type { OwedFragment, OwedNotice } from "./owed.ts";
import { contributionText } from "./stored-contribution.ts";

export function fragmentStatement(
  customer: CustomerId,
  fragment: Omit<LoadedFragment, "copy">,
): Statement {
  return {
    sql: `insert into fragment (customer, id, clock, sha256, state, contribution, clamps)
          values (?, ?, ?, ?, ?, ?, ?)
          on conflict (customer, id) do update set clock = excluded.clock,
            sha256 = excluded.sha256, state = excluded.state,
            contribution = excluded.contribution, clamps = excluded.clamps`,
    args: [
      customer,
      fragment.id,
      fragment.clock,
      fragment.sha256,
      fragment.state,
      contributionText(fragment),
      clampsText(fragment.clamps),
    ],
  };
}

/** Null for almost all. */
const clampsText = (clamps: Clamps): string | null =>
  Object.keys(clamps).length === 0 ? null : JSON.stringify(clamps);

/** Of a fragment that is there: it may have moved away since it was owed. */
export function undeliveredStatement({ customer, id, clock }: OwedFragment): Statement {
  return {
    sql: `insert into undelivered (customer, id, clock)
          select customer, id, ?3 from fragment where customer = ?1 and id = ?2
          on conflict (customer, id) do update set clock = excluded.clock`,
    args: [customer, id, clock],
  };
}

export function profileStatement({ customer, profile, stores }: LoadedCustomer): Statement {
  return {
    sql: `insert into profile (customer, version, golden, json, stores, view)
          values (?, ?, ?, ?, ?, ?)
          on conflict (customer) do update set version = excluded.version,
            golden = excluded.golden, json = excluded.json, stores = excluded.stores,
            view = excluded.view`,
    args: [
      customer,
      profile?.version ?? 0,
      profile?.golden ?? 0,
      JSON.stringify(profile),
      JSON.stringify(stores),
      profile && textOfLines(linesOf(profile)),
    ],
  };
}

/**
 * A newer change of the same customer takes the older one's place, under a higher number
 * even where the profile's version is the same, as when all of it moves away: an answer about the older notice that is
 * on its way must not take the newer for told. It is due when the first of the two is.
 */
export function noticeStatement(
  { store, customer, version }: OwedNotice,
  dueMs: number,
): Statement {
  return {
    sql: `insert into notice (store, customer, version, due_ms) values (?, ?, ?, ?)
          on conflict (store, customer) do update
            set version = max(version + 1, excluded.version), due_ms = min(due_ms, excluded.due_ms)`,
    args: [store, customer, version, dueMs],
  };
}

export const noticesOf = ({ customer, profile, stores }: LoadedCustomer): OwedNotice[] =>
  stores.map((store) => ({ store, customer, version: profile?.version ?? 0 }));
