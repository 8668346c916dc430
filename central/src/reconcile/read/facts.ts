/** Queries for the facts beside a store-day's rows, each by index. Lists go in as one JSON text. */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import { bodyColumns } from "../../db/event-body.ts";
import type { Place } from "../checks/store-day.ts";

const placesText = (places: readonly Place[]): string =>
  JSON.stringify(places.map(({ source, epoch, seq }) => [source, epoch, seq]));

/** Stored rows around each stretch: `at` is its place in the list. */
export const neighboursQuery = (
  stretches: readonly { source: string; epoch: number; first: number; last: number }[],
): Statement => ({
  sql: `select k.key as at, b.seq as before_seq, b.hash as before_hash,
      (select min(a.seq) from event a where a.source = k.value ->> 0 and a.epoch = k.value ->> 1
         and a.seq > k.value ->> 3) as after_seq
    from json_each(?1) k
    left join event b on b.source = k.value ->> 0 and b.epoch = k.value ->> 1 and b.seq =
      (select max(p.seq) from event p where p.source = k.value ->> 0 and p.epoch = k.value ->> 1
         and p.seq < k.value ->> 2)`,
  args: [
    JSON.stringify(stretches.map(({ source, epoch, first, last }) => [source, epoch, first, last])),
  ],
});

/** Of the store, and of terminals elsewhere that seals name. */
export const writersQuery = (store: string, heads: readonly Place[]): Statement => ({
  sql: `select source, epoch, journaled, head_hash, golden from writer where store = ?1
    union
    select w.source, w.epoch, w.journaled, w.head_hash, w.golden from json_each(?2) k
      cross join writer w on w.source = k.value ->> 0 and w.epoch = k.value ->> 1`,
  args: [store, placesText(heads)],
});

export const headsQuery = (heads: readonly Place[]): Statement => ({
  sql: `select e.source, e.epoch, e.seq, e.hash from json_each(?1) k
    cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1 and e.seq = k.value ->> 2`,
  args: [placesText(heads)],
});

/** Refused rows of the store's writers: few, and each is a question. */
export const refusalsQuery = (store: string): Statement => ({
  sql: `select p.source, p.epoch, p.code, p.item, p.hash, p.payload,
      (select b.business_day from event b where b.source = p.source and b.epoch = p.epoch
         and b.seq <= cast(p.item as integer) and b.business_day is not null
       order by b.seq desc limit 1) as day_before
    from writer w
    cross join intake_problem p on p.source = w.source and p.epoch = w.epoch
      and p.code in ('fork', 'broken_chain')
    where w.store = ?1`,
  args: [store],
});

/**
 * The Z or seal before each at its terminal, in the order in which they were first numbered. `missing`: rows that are not here
 * between the two, or before the first; counted only where the numbers do not follow each other.
 */
export const numberedBeforeQuery = (
  rows: readonly (Place & {
    kind: string;
    number: number;
    first: { epoch: number; seq: number };
  })[],
): Statement => ({
  sql: `select at, source, epoch, seq, number,
      case when own_number <> coalesce(number, 0) + 1 and coalesce(epoch, own_epoch) = own_epoch
        then own_seq - coalesce(seq, 0) - 1 - (select count(*) from event e where e.source = own_source
          and e.epoch = own_epoch and e.seq > coalesce(found.seq, 0) and e.seq < own_seq)
        else 0 end as missing
    from (select k.key as at, b.source, b.epoch, b.seq, b.body ->> '$.body.number' as number,
        k.value ->> 0 as own_source, k.value ->> 4 as own_epoch, k.value ->> 5 as own_seq,
        k.value ->> 6 as own_number
      from json_each(?1) k
      left join event b on (b.source, b.epoch, b.seq) = (
        select z.source, z.epoch, z.seq from event z indexed by event_z
        where z.source = k.value ->> 0 and z.kind = k.value ->> 1 and z.kind in ('close', 'seal')
          and (z.first_epoch, z.first_seq) < (k.value ->> 2, k.value ->> 3)
        order by z.first_epoch desc, z.first_seq desc limit 1)) found`,
  args: [
    JSON.stringify(
      rows.map(({ source, epoch, seq, kind, number, first }) => [
        source, kind, first.epoch, first.seq, epoch, seq, number,
      ]),
    ),
  ], // prettier-ignore
});

/** Whether the store has sealed a day in the month up to this one. */
export const sealsQuery = (store: string, businessDay: string): Statement => ({
  sql: `select 1 from event indexed by event_ends
    where store = ?1 and kind = 'seal' and kind in ('close', 'seal') and business_day <= ?2
      and business_day > date(?2, '-${LIMITS.trendDays} days') limit 1`,
  args: [store, businessDay],
});

/** Cash differences of these operators in the month up to this day. */
export const closesQuery = (
  store: string,
  businessDay: string,
  staff: readonly string[],
): Statement => ({
  sql: `select source, epoch, seq, staff, stamp, currency, sum(minor) as minor from (
      select e.source, e.epoch, e.seq, e.body ->> '$.body.staff' as staff, e.body ->> '$.stamp' as stamp,
        c.value ->> 'currency' as currency, c.value ->> 'differenceMinor' as minor
      from event e indexed by event_ends
      cross join json_each(e.body, '$.body.compared') c
      where e.store = ?1 and e.kind = 'close' and e.kind in ('close', 'seal') and e.business_day <= ?2
        and e.business_day > date(?2, '-${LIMITS.trendDays} days') and c.value ->> 'type' = 'cash')
    where staff in (select value from json_each(?3))
    group by source, epoch, seq, currency order by stamp, source, epoch, seq, currency`,
  args: [store, businessDay, JSON.stringify(staff)],
});

/** Rows of the day whose number an earlier row of their terminal has. */
export const repeatsQuery = (store: string, businessDay: string): Statement => ({
  sql: `select e.source, e.epoch, e.seq, max(o.source || '/' || o.epoch || '/' || o.seq) as other
    from event e indexed by event_day
    cross join event o indexed by event_receipt on o.receipt = e.receipt and o.source = e.source
      and (o.epoch, o.seq) < (e.epoch, e.seq)
    where e.store = ?1 and e.business_day = ?2 and e.receipt is not null
    group by e.source, e.epoch, e.seq`,
  args: [store, businessDay],
});

/** Receipts of a terminal by number, for voids that do not say how they were paid. */
export const voidedQuery = (
  receipts: readonly { source: string; receipt: string }[],
): Statement => ({
  sql: `select ${bodyColumns("o")} from json_each(?1) k
    cross join event o indexed by event_receipt on o.receipt = k.value ->> 1 and o.source = k.value ->> 0`,
  args: [JSON.stringify(receipts.map(({ source, receipt }) => [source, receipt]))],
});

/** What each original was sold for, and what came back of it. */
export const soldQuery = (originals: readonly string[]): Statement => ({
  sql: `select o.receipt, o.source, o.epoch, o.seq, o.currency, o.total_minor,
      exists (select 1 from event v indexed by event_refers where v.refers = o.receipt
        and v.kind in ('return', 'void') and v.kind = 'void' and v.source = o.source) as is_voided
    from json_each(?1) k
    cross join event o indexed by event_receipt on o.receipt = k.value
    where o.kind = 'sale' order by o.source, o.epoch, o.seq`,
  args: [JSON.stringify(originals)],
});

export const returnsQuery = (originals: readonly string[]): Statement => ({
  sql: `select r.refers, r.source, r.epoch, r.seq, r.receipt, r.currency, r.total_minor
    from json_each(?1) k
    cross join event r indexed by event_refers on r.refers = k.value and r.kind in ('return', 'void')
    where r.kind = 'return' and not exists (
      select 1 from event v indexed by event_refers where v.refers = r.receipt
        and v.kind in ('return', 'void') and v.kind = 'void' and v.source = r.source)
    order by r.body ->> '$.stamp', r.source, r.epoch, r.seq`,
  args: [JSON.stringify(originals)],
});
