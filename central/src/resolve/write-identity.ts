/** Writes whose the records are: feed, redirects, and what the edge is told of them. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import { keepGolden } from "../golden/write-golden.ts";
import { publishStatement, withdrawStatement } from "../publish/outbox.ts";
import type { FeedEntry, IdentityDecision } from "./identity.ts";
import type { Naming } from "./naming.ts";
import type { UnitRecord } from "./unit-changes.ts";

export function identityStatements(identity: IdentityDecision, nowMs: number): Statement[] {
  return [
    ...identity.returned.map((id) => withdrawStatement({ kind: "redirect", from: id })),
    ...feedStatements(identity.feed, nowMs),
    ...identity.redirects.flatMap(({ from, to }) => redirectStatements(from, to, nowMs)),
  ];
}

function feedStatements(feed: readonly FeedEntry[], nowMs: number): Statement[] {
  if (feed.length === 0) return [];
  const rows = feed.map((entry) => [
    entry.type,
    entry.customer,
    entry.type === "created" ? null : entry.previous,
    entry.type === "split" ? JSON.stringify(entry.records) : null,
  ]);
  return [
    {
      sql: `insert into feed (type, customer, previous, records, at_ms)
            select value ->> 0, value ->> 1, value ->> 2, value ->> 3, ?2
            from json_each(?1) order by key`,
      args: [JSON.stringify(rows), nowMs],
    },
  ];
}

/** A customer id that redirects keeps its number of versions, in case the id comes back, and its history. */
function redirectStatements(from: CustomerId, to: CustomerId, nowMs: number): Statement[] {
  return [
    keepGolden(from),
    {
      sql: `insert into customer (id, redirect_to, version, updated_ms) values (?, ?, 0, ?)
            on conflict (id) do update set redirect_to = excluded.redirect_to,
              updated_ms = excluded.updated_ms, digest = null, as_of = null, golden = null,
              activity = null, sales = 0`,
      args: [from, to, nowMs],
    },
    // Nobody needs to hear of a version of a record that is gone.
    withdrawStatement({ kind: "golden", customer: from }),
    publishStatement({ kind: "redirect", from, to }),
  ];
}

/** Stored records that have another customer or unit now. */
export function recordStatements(
  records: readonly UnitRecord[],
  { customerOfRecord }: Naming,
  moving: ReadonlySet<string>,
): Statement[] {
  const rows = records.flatMap(({ id, unit, customer: was }) => {
    const customer = customerOfRecord.get(id);
    if (was === null || customer === undefined) return [];
    return customer === was && !moving.has(id) ? [] : [[id, customer, unit]];
  });
  if (rows.length === 0) return [];
  return [
    {
      sql: `update source_record set customer = j.customer, unit = j.unit
            from (select value ->> 0 as id, value ->> 1 as customer, value ->> 2 as unit
              from json_each(?)) j where source_record.id = j.id`,
      args: [JSON.stringify(rows)],
    },
  ];
}
