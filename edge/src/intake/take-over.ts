/** From decided to written: events sealed and recorded, order books, receipts. */
import type { Voidable } from "@regulars/shared/capture/draft";
import type { Statement } from "@regulars/shared/storage/port";
import { bookStatement, nameStatement } from "./order-store.ts";
import type { Stage, View } from "./stage.ts";
import { journalStatement, sealFor, startWriter } from "./writers.ts";

/** What the item has decided counts from here on: sealed, recorded, and seen by the next one. */
export function takeOver(view: View, stage: Stage, changed: Set<string>): Statement[] {
  stage.takeOver();
  const statements = [...stage.statements];
  for (const { account, store, draft } of stage.drafts) {
    const writer = view.writers.get(account.id) ?? startWriter(account.id, 1);
    const sealed = sealFor(writer, account, { draft, store }, view.nowMs);
    view.writers.set(account.id, sealed.writer);
    changed.add(account.id);
    statements.push(journalStatement(sealed.row, view.fragments.record(sealed.row.event)));
  }
  for (const book of stage.books.values()) statements.push(bookStatement(book));
  for (const [name, id] of stage.names) statements.push(nameStatement(name, id));
  for (const [pair, receipt] of stage.receipts) statements.push(receiptStatement(pair, receipt));
  return statements;
}

function receiptStatement(
  pair: string,
  { receipt, currency, totalMinor, subject, voided }: Voidable,
): Statement {
  const at = pair.indexOf(" ");
  return {
    sql: `insert into receipt (source, name, receipt, currency, total_minor, subject, voided)
          values (?, ?, ?, ?, ?, ?, ?)
          on conflict (source, name) do update set voided = excluded.voided`,
    args: [
      pair.slice(0, at),
      pair.slice(at + 1),
      receipt,
      currency,
      totalMinor,
      JSON.stringify(subject),
      voided ? 1 : 0,
    ],
  };
}
