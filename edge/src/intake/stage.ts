/**
 * What is decided for one item, before any of it counts: an item has all of its effects or none. Taken over by the view of
 * its round, which the next item sees, and written with it in one transaction.
 */
import type { Draft, Voidable } from "@regulars/shared/capture/draft";
import type { WriterState } from "@regulars/shared/capture/seal";
import type { Account } from "@regulars/shared/connect/account";
import type { IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import type { Fragments, Saying } from "./fragments.ts";
import { namedBooks } from "./named-books.ts";
import type { OrderBook } from "./order-book.ts";
import type { Books } from "./order-store.ts";

/** What a round has read, and what its items have decided so far. */
export interface View {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly writers: Map<string, WriterState>;
  readonly fragments: Fragments;
  readonly books: Books;
  /** `account key` of captures that had their effect. */
  readonly told: Set<string>;
  /** `account name` of receipts of drawers. */
  readonly receipts: Map<string, Voidable>;
  readonly nowMs: number;
}

export interface StagedDraft {
  readonly account: Account;
  readonly store: string | undefined;
  readonly draft: Draft;
}

const DAY_MS = 86_400_000;

export const pairOf = (account: string, name: string): string => `${account} ${name}`;

export function createStage(view: View) {
  const books = new Map<string, OrderBook>();
  const names = new Map<string, string>();
  const told = new Set<string>();
  const receipts = new Map<string, Voidable>();
  const drafts: StagedDraft[] = [];
  const statements: Statement[] = [];
  return {
    view,
    books,
    names,
    receipts,
    drafts,
    statements,
    ...namedBooks(view.books, { byId: books, names }),
    /** True the first time. What moved money is remembered for good, the rest until nobody repeats it any more. */
    tell(account: string, key: string, isMoney: boolean): boolean {
      const pair = pairOf(account, key);
      if (told.has(pair) || view.told.has(pair)) return false;
      told.add(pair);
      statements.push({
        sql: "insert into told (account, key, go_ms) values (?, ?, ?)",
        args: [account, key, isMoney ? null : view.nowMs + LIMITS.intakeKeyDays * DAY_MS],
      });
      return true;
    },
    receiptOf: (account: string, name: string): Voidable | null =>
      receipts.get(pairOf(account, name)) ?? view.receipts.get(pairOf(account, name)) ?? null,
    draft(account: Account, draft: Draft, store?: string): void {
      drafts.push({ account, store, draft });
    },
    /** What the account's own fragment of this key says. */
    saying(account: Account, key: IdentityKey | undefined): Saying | null {
      if (key === undefined) return null;
      const epoch = view.writers.get(account.id)?.epoch ?? 1;
      return view.fragments.saying({ source: account.id, epoch, key });
    },
    /** The next item sees it. */
    takeOver(): void {
      for (const [id, book] of books) view.books.byId.set(id, book);
      for (const [name, id] of names) view.books.names.set(name, id);
      for (const pair of told) view.told.add(pair);
      for (const [pair, receipt] of receipts) view.receipts.set(pair, receipt);
    },
  };
}

export type Stage = ReturnType<typeof createStage>;
