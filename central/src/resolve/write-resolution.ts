/** What resolution writes: feed, redirects, links, and what the edge is told of them. */
import type { CustomerId } from "@regulars/shared/ids";
import type { Statement } from "@regulars/shared/storage/port";
import { publishStatement, withdrawStatement } from "../publish/outbox.ts";
import type { Assign, IdentityDecision } from "./identity.ts";
import type { LinkChanges } from "./links.ts";

export function identityStatements(identity: IdentityDecision, nowMs: number): Statement[] {
  return [
    ...identity.returned.map((id) => withdrawStatement({ kind: "redirect", from: id })),
    ...identity.feed.map((entry) => ({
      sql: "insert into feed (type, customer, previous, at_ms) values (?, ?, ?, ?)",
      args: [entry.type, entry.customer, "previous" in entry ? entry.previous : null, nowMs],
    })),
    ...identity.redirects.flatMap((redirect) => [
      ...redirectStatements(redirect.from, redirect.to, nowMs),
      publishStatement(redirect),
    ]),
  ];
}

export function linkStatements({ replaced, added }: LinkChanges, nowMs: number): Statement[] {
  return [
    ...replaced.map((key) => ({ sql: "delete from link where key = ?", args: [key] })),
    ...added.map(({ key, recordA, recordB }) => ({
      sql: `insert into link (key, record_a, record_b, kind, created_ms)
            values (?, ?, ?, 'deterministic', ?)`,
      args: [key, recordA, recordB, nowMs],
    })),
  ];
}

export function assignStatements(assign: Assign): Statement[] {
  return [
    {
      sql: `insert into assignment (key, from_customer, to_customer) values (?, ?, ?)
            on conflict (key, from_customer) do update set to_customer = excluded.to_customer`,
      args: [assign.key, assign.from, assign.to],
    },
    publishStatement(assign),
  ];
}

/** A customer id that redirects keeps its number of versions, in case the id comes back, and its history. */
function redirectStatements(from: CustomerId, to: CustomerId, nowMs: number): Statement[] {
  return [
    {
      sql: `insert into customer (id, redirect_to, version, updated_ms) values (?, ?, 0, ?)
            on conflict (id) do update set redirect_to = excluded.redirect_to,
              updated_ms = excluded.updated_ms, digest = null, as_of = null, golden = null,
              activity = null`,
      args: [from, to, nowMs],
    },
    { sql: "update source_record set customer = ? where customer = ?", args: [to, from] },
    // Nobody needs to hear of a version of a record that is gone.
    withdrawStatement({ kind: "golden", customer: from }),
  ];
}
