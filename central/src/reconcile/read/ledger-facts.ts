/** Totals of the customers of a store-day, and what programs have told of those who paid with points. */
import { LIMITS } from "@regulars/shared/limits";
import {
  numberOf,
  type Row,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { totalsSchema } from "@regulars/shared/fragment/contribution";
import { currencySchema } from "@regulars/shared/money";
import { z } from "zod";
import { activityText } from "../../db/packed-columns.ts";
import type { DayRow, GoldenTotals, PointsWord } from "../checks/store-day.ts";

export const customersQuery = (records: readonly string[]): Statement => ({
  sql: `select distinct r.customer from json_each(?1) k cross join source_record r on r.id = k.value
    order by r.customer`,
  args: [JSON.stringify(records)],
});

/**
 * Golden totals of these customers. `is_open`: a fragment of theirs is ahead of its journal here, or a row that cannot be read
 * names it; then the two are not to be compared.
 */
export const goldenQuery = (customers: readonly string[]): Statement => ({
  sql: `select c.id, c.as_of, c.activity, exists (
      select 1 from source_record r
      left join writer w on w.source = r.source and w.epoch = r.epoch
      where r.customer = c.id and (w.journaled is null or r.seq > w.journaled or exists (
        select 1 from event q indexed by event_quarantined
        where q.source = r.source and q.epoch = r.epoch and q.quarantined is not null and q.seq <= r.seq
          and json_valid(q.body) and q.body ->> '$.subject[0]' = r.key))
    ) as is_open
    from json_each(?1) k cross join customer c on c.id = k.value where c.activity is not null`,
  args: [JSON.stringify(customers)],
});

/** What the journals come to for each, as far as the fragments have come. */
export const journalTotalsQuery = (customers: readonly string[]): Statement => ({
  sql: `select r.customer, e.currency, sum(e.total_minor) as minor
    from json_each(?1) k
    cross join source_record r indexed by source_record_customer on r.customer = k.value
    cross join event e indexed by event_record on e.source = r.source and e.epoch = r.epoch
      and e.key_tail = substr(r.key, -8) and e.key = r.key and e.key is not null and e.seq <= r.seq
    where e.total_minor is not null and e.quarantined is null
    group by r.customer, e.currency`,
  args: [JSON.stringify(customers)],
});

export const pointsQuery = (keys: readonly string[]): Statement => ({
  sql: `select k.value as key, e.body ->> '$.body.program' as program, e.body ->> '$.stamp' as stamp,
      e.body ->> '$.body.balancePoints' as balance, e.body ->> '$.body.lifetimePoints' as lifetime
    from json_each(?1) k
    cross join unit_key n on n.key = k.value
    cross join unit u on u.n = n.unit
    cross join source_record r on r.unit = u.id
    cross join event e indexed by event_record on e.source = r.source and e.epoch = r.epoch
      and e.key_tail = substr(r.key, -8) and e.key = r.key and e.key is not null
    where e.kind = 'loyalty' and e.body ->> '$.body.lifetimePoints' is not null
    order by stamp`,
  args: [JSON.stringify(keys)],
});

const totalsByCurrency = z.record(currencySchema, totalsSchema);

export async function readGolden(
  storage: Storage,
  rows: readonly DayRow[],
  rest: () => Promise<void>,
): Promise<GoldenTotals[]> {
  const records = new Set(
    rows.flatMap(({ source, epoch, key }) => (key === null ? [] : `${source}/${epoch}/${key}`)),
  );
  if (records.size === 0) return [];
  const [customers = []] = await storage.read([customersQuery([...records])]);
  const ids = customers.map((row) => textOf(row, "customer"));
  const totals: GoldenTotals[] = [];
  for (let at = 0; at < ids.length; at += LIMITS.comparedCustomers) {
    if (at > 0) await rest();
    totals.push(...(await compareTotals(storage, ids.slice(at, at + LIMITS.comparedCustomers))));
  }
  return totals;
}

/** Both sides in one read: what comes between two reads would be a difference. */
async function compareTotals(storage: Storage, ids: readonly string[]): Promise<GoldenTotals[]> {
  const few = await withFewReceipts(storage, ids);
  const [golden = [], journal = []] = await storage.read([
    goldenQuery(few),
    journalTotalsQuery(few),
  ]);
  const ofCustomer = Map.groupBy(journal, (row) => textOf(row, "customer"));
  return golden.flatMap((row): GoldenTotals[] => {
    if (row["is_open"] === 1) return [];
    const customer = textOf(row, "id");
    const totals = totalsOf(row);
    const summed = new Map(
      (ofCustomer.get(customer) ?? []).map((each) => [
        textOf(each, "currency"),
        numberOf(each, "minor"),
      ]),
    );
    const currencies = new Set([...Object.keys(totals), ...summed.keys()]);
    return [...currencies].toSorted().map((currency) => ({
      customer,
      currency,
      goldenMinor: totals[currency]?.minor ?? 0,
      journalMinor: summed.get(currency) ?? 0,
    }));
  });
}

async function withFewReceipts(storage: Storage, ids: readonly string[]): Promise<string[]> {
  const [rows = []] = await storage.read([receiptsQuery(ids)]);
  return rows.flatMap((row) => {
    const receipts = Object.values(totalsOf(row)).reduce(
      (sum, { sales, returns }) => sum + sales + returns,
      0,
    );
    return receipts > LIMITS.comparedReceipts ? [] : [textOf(row, "id")];
  });
}

export const receiptsQuery = (ids: readonly string[]): Statement => ({
  sql: `select c.id, c.as_of, c.activity from json_each(?1) k
    cross join customer c on c.id = k.value where c.activity is not null`,
  args: [JSON.stringify(ids)],
});

const activitySchema = z.object({ totals: totalsByCurrency.default({}) });

const totalsOf = (row: Row): z.infer<typeof totalsByCurrency> =>
  activitySchema.parse(JSON.parse(activityText(row))).totals;

export async function readPoints(storage: Storage, rows: readonly DayRow[]): Promise<PointsWord[]> {
  const keys = new Set(
    rows.flatMap(({ event }) =>
      event?.kind === "sale" && event.body.tenders.some(({ type }) => type === "loyalty")
        ? event.subject
        : [],
    ),
  );
  if (keys.size === 0) return [];
  const [words = []] = await storage.read([pointsQuery([...keys])]);
  return words.map((row) => ({
    key: textOf(row, "key"),
    program: textOf(row, "program"),
    stamp: textOf(row, "stamp"),
    balancePoints: numberOf(row, "balance"),
    lifetimePoints: numberOf(row, "lifetime"),
  }));
}
