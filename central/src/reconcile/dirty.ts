/**
 * Marks on store-days that something new is known about: whoever writes of a day marks it in the same write. The first mark stays,
 * so that a day is not put off by each new row; the count tells a check what came while it ran.
 */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";

export interface StoreDayKey {
  readonly store: string;
  readonly businessDay: string;
}

/** To be checked at `dueMs`: now, for a Z, a seal, a file or a word; a while later for rows, more of which will follow. */
export const markDirty = (days: readonly StoreDayKey[], dueMs: number): Statement =>
  marked("select value ->> 0 as store, value ->> 1 as business_day from json_each(?1)", [
    JSON.stringify(days.map(({ store, businessDay }) => [store, businessDay])),
    dueMs,
  ]);

/** ?2 is when they are due. */
const marked = (days: string, args: readonly [string, number]): Statement => ({
  sql: `insert into store_day (store, business_day, state, since_ms, dirty_ms, dirty_count)
    select store, business_day, 'waiting', ?2, ?2, 1
    from (${days}) where store is not null and business_day is not null
    on conflict do update set dirty_count = dirty_count + 1,
      dirty_ms = case when dirty_ms is null or dirty_ms > excluded.dirty_ms then excluded.dirty_ms else dirty_ms end`,
  args,
});

/**
 * Days of a store from which on card payments are expected in files, and those before that a file may reach back to: whoever
 * imports a file with lines of `firstDay` marks them all.
 */
export const markSettled = (store: string, firstDay: string, dueMs: number): Statement =>
  marked(
    `select store, business_day from store_day
     where store = ?1 ->> 0 and business_day >= date(?1 ->> 1, '-' || ${LIMITS.settlementDays} || ' days')`,
    [JSON.stringify([store, firstDay]), dueMs],
  );

/** The days after one with a Z or a seal that came: numbers go on there, operators are seen over a month. */
export const markFollowing = (days: readonly StoreDayKey[], dueMs: number): Statement =>
  marked(
    `select d.store, d.business_day from json_each(?1) k
     cross join store_day d on d.store = k.value ->> 0 and d.business_day in (
       select n.business_day from store_day n
       where n.store = k.value ->> 0 and n.business_day > k.value ->> 1
       order by n.business_day limit ${LIMITS.trendDays})`,
    [JSON.stringify(days.map(({ store, businessDay }) => [store, businessDay])), dueMs],
  );

/**
 * Days of a store that wait for rows, whatever day those are of: who seals a day in the morning after names journals that have
 * gone on meanwhile.
 */
export const markExpecting = (store: string, dueMs: number): Statement =>
  marked(
    `select store, business_day from (select store, business_day, waiting from store_day
       where store = ?1 order by business_day desc limit ${LIMITS.trendDays})
     where instr(waiting, '"for":"rows"') > 0`,
    [store, dueMs],
  );

export interface RowPlace {
  readonly source: string;
  readonly epoch: number;
  readonly seq: number;
}

/** The days that rows without a day stand in: those of the rows before them, or after, where there are none. */
export const markAround = (rows: readonly RowPlace[], dueMs: number): Statement =>
  marked(
    `select e.store, e.business_day from json_each(?1) k
     cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1 and e.seq = coalesce(
       (select max(b.seq) from event b where b.source = k.value ->> 0 and b.epoch = k.value ->> 1
          and b.seq < k.value ->> 2 and b.business_day is not null),
       (select min(a.seq) from event a where a.source = k.value ->> 0 and a.epoch = k.value ->> 1
          and a.seq > k.value ->> 2 and a.business_day is not null))`,
    [JSON.stringify(rows.map(({ source, epoch, seq }) => [source, epoch, seq])), dueMs],
  );

/** Days on which golden totals of these customers were found to differ: their golden records were derived anew since. */
export const markGoldenDiffering = (customers: readonly string[], dueMs: number): Statement =>
  marked(
    `select distinct e.store, e.business_day from exception e indexed by exception_kind
     where e.kind = 'golden_differs' and e.state <> 'settled'
       and e.evidence ->> '$.customer' in (select value from json_each(?1))`,
    [JSON.stringify(customers), dueMs],
  );

/** The days of these rows. */
export const markRows = (rows: readonly RowPlace[], dueMs: number): Statement =>
  marked(
    `select distinct e.store, e.business_day from json_each(?1) k
     cross join event e on e.source = k.value ->> 0 and e.epoch = k.value ->> 1 and e.seq = k.value ->> 2`,
    [JSON.stringify(rows.map(({ source, epoch, seq }) => [source, epoch, seq])), dueMs],
  );

/**
 * Days with rows that have to do with these receipts: that bear the same number, take them back, or take back what these take
 * back. `receipts` are the numbers of rows that came, and of what they refer to.
 */
export const markRelated = (receipts: readonly string[], dueMs: number): Statement =>
  marked(
    `select o.store, o.business_day from json_each(?1) k
       cross join event o indexed by event_receipt on o.receipt = k.value
     union
     select r.store, r.business_day from json_each(?1) k
       cross join event r indexed by event_refers on r.refers = k.value and r.kind in ('return', 'void')
     union
     select r.store, r.business_day from json_each(?1) k
       cross join event o indexed by event_receipt on o.receipt = k.value and o.kind = 'return'
       cross join event r indexed by event_refers on r.refers = o.refers and r.kind in ('return', 'void')`,
    [JSON.stringify(receipts), dueMs],
  );

/** Days of rows that became golden since the marks of these writers were published; stands after the marks have moved. */
export const markGolden = (
  writers: readonly { readonly source: string; readonly epoch: number }[],
  dueMs: number,
): Statement =>
  marked(
    `select distinct e.store, e.business_day from json_each(?1) k
     cross join writer w on w.source = k.value ->> 0 and w.epoch = k.value ->> 1
     cross join event e on e.source = w.source and e.epoch = w.epoch
       and e.seq > w.published and e.seq <= w.golden`,
    [JSON.stringify(writers.map(({ source, epoch }) => [source, epoch])), dueMs],
  );

/**
 * Days of receipts that were paid with points by members of whom a program has told something since: in what became golden since
 * the marks of these writers were published.
 */
export const markPointsPaid = (
  writers: readonly { readonly source: string; readonly epoch: number }[],
  dueMs: number,
): Statement =>
  marked(
    `select distinct e.store, e.business_day from json_each(?1) k
     cross join writer w on w.source = k.value ->> 0 and w.epoch = k.value ->> 1
     cross join event l on l.source = w.source and l.epoch = w.epoch
       and l.seq > w.published and l.seq <= w.golden and l.kind = 'loyalty'
     cross join unit_key n on n.key = l.key
     cross join unit u on u.n = n.unit
     cross join source_record r on r.unit = u.id
     cross join event e indexed by event_record on e.source = r.source and e.epoch = r.epoch
       and e.key_tail = substr(r.key, -8) and e.key = r.key and e.key is not null
     where e.kind = 'sale' and instr(e.tenders, '"loyalty"') > 0`,
    [JSON.stringify(writers.map(({ source, epoch }) => [source, epoch])), dueMs],
  );

/** Days of rows that may leave quarantine now, because their fragments come; stands before they do. */
export const markReleased = (
  writers: readonly { readonly source: string; readonly epoch: number }[],
  dueMs: number,
): Statement =>
  marked(
    `select distinct q.store, q.business_day from json_each(?1) k
     cross join event q indexed by event_quarantined on q.source = k.value ->> 0 and q.epoch = k.value ->> 1
       and q.quarantined is not null
     where q.key is not null`,
    [JSON.stringify(writers.map(({ source, epoch }) => [source, epoch])), dueMs],
  );
