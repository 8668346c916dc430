/** Order books by the names of their orders, as one item sees them. */
import { sha256Hex } from "@regulars/shared/digest";
import { newBook, type OrderBook } from "./order-book.ts";
import type { Books } from "./order-store.ts";
import { mayJoin } from "./orders.ts";

/** `known` is what the round has read, `own` what this item has decided; both may grow. */
export function namedBooks(known: Books, own: Books) {
  const byId = (id: string | undefined): OrderBook | null =>
    id === undefined ? null : (own.byId.get(id) ?? known.byId.get(id) ?? null);
  const named = (name: string): OrderBook | null => {
    let book = byId(own.names.get(name) ?? known.names.get(name));
    while (book?.joined !== undefined) book = byId(book.joined);
    return book;
  };
  return {
    /**
     * Of the first of these names that any order has: it stays, where two names mean two orders. A name that the teller has
     * used for another of its own orders is no name of this one: a table, a reference of the customer's.
     */
    bookOf([ownId, ...others]: readonly string[], teller?: string): OrderBook | null {
      for (const name of [ownId ?? [], others].flat()) {
        const book = named(name);
        if (book && !isAnothers(book, teller, ownId)) return book;
      }
      return null;
    },
    /** Books beside this one that the other names lead to: they are of this order as well. */
    othersOf(book: OrderBook, called: readonly string[], teller: string): OrderBook[] {
      const joining: OrderBook[] = [];
      for (const each of called.flatMap((name) => named(name) ?? [])) {
        const isKnown = [book, ...joining].some(({ id }) => id === each.id);
        if (isKnown || isAnothers(each, teller, called[0])) continue;
        if ([book, ...joining].every((one) => mayJoin(one, each))) joining.push(each);
      }
      return joining;
    },
    /** From here on it leads to the book that it went into. */
    closeBook({ id }: OrderBook, into: OrderBook): void {
      own.byId.set(id, { ...newBook(id), joined: into.id });
    },
    /** Under the order's own id; where another order has that as a name, under one that says whose id it is. */
    openBook(ownId: string, teller: string): OrderBook {
      const isFree = !own.names.has(ownId) && !known.names.has(ownId);
      const id = isFree ? ownId : `${ownId.slice(0, 100)}~${sha256Hex(teller).slice(0, 8)}`;
      return newBook(id);
    },
    setBook(book: OrderBook, called: readonly string[]): void {
      own.byId.set(book.id, book);
      for (const [at, name] of called.entries()) {
        const holder = own.names.get(name) ?? known.names.get(name);
        // An order's own id is its name for good, whatever order had it as a reference before.
        if (holder === undefined || (at === 0 && holder !== book.id)) own.names.set(name, book.id);
      }
    },
  };
}

/** The account has told of this book by another id of its own. */
const isAnothers = (book: OrderBook, teller: string | undefined, ownId: string | undefined) =>
  book.said.some(
    (said) => said.account === teller && said.ownId !== undefined && said.ownId !== ownId,
  );
