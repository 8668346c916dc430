/** What the centre holds, counted by the database from the rows themselves: no counter can drift from them. */
import { numberOf, type Storage, textOf } from "@regulars/shared/storage/port";

export interface Totals {
  /** By kind; `unreadable` are those that this build cannot read. */
  readonly events: Readonly<Record<string, number>>;
  /** Minor units by currency, then by kind. */
  readonly money: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly customers: number;
  readonly sourceRecords: number;
  readonly anonymousSales: number;
  readonly forks: number;
  readonly quarantined: number;
}

/** With `sources`, events and money are those of these tills and accounts alone; all else is the whole house's. */
export async function readTotals(
  storage: Storage,
  sources: readonly string[] | null = null,
): Promise<Totals> {
  const these = sources === null ? "" : "where source in (select value from json_each(?))";
  const [kinds = [], counts = []] = await storage.read([
    {
      sql: `select coalesce(kind, 'unreadable') as kind, currency, count(*) as events,
              coalesce(sum(total_minor), 0) as minor
            from event ${these} group by kind, currency order by kind, currency`,
      args: sources === null ? [] : [JSON.stringify(sources)],
    },
    {
      sql: `select
              (select count(*) from customer where redirect_to is null) as customers,
              (select count(*) from source_record) as records,
              (select count(*) from event where kind = 'sale' and key is null
                 and quarantined is null) as anonymous,
              (select count(*) from intake_problem where code = 'fork') as forks,
              (select count(*) from event where quarantined is not null) as quarantined`,
    },
  ]);
  const events: Record<string, number> = {};
  const money: Record<string, Record<string, number>> = {};
  for (const row of kinds) {
    const kind = textOf(row, "kind");
    events[kind] = (events[kind] ?? 0) + numberOf(row, "events");
    if (row["currency"] === null) continue;
    (money[textOf(row, "currency")] ??= {})[kind] = numberOf(row, "minor");
  }
  const [count = {}] = counts;
  return {
    events,
    money,
    customers: numberOf(count, "customers"),
    sourceRecords: numberOf(count, "records"),
    anonymousSales: numberOf(count, "anonymous"),
    forks: numberOf(count, "forks"),
    quarantined: numberOf(count, "quarantined"),
  };
}
