/** All that the items of a round have to know of what was said before, read in few queries. */
import type { Voidable } from "@regulars/shared/capture/draft";
import type { Account } from "@regulars/shared/connect/account";
import type { FragmentName } from "@regulars/shared/ids";
import { numberOf, rowsOf, type Storage, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import type { Fragments } from "./fragments.ts";
import { orderNameOf } from "./order-book.ts";
import { loadBooks } from "./order-store.ts";
import type { Item } from "./page.ts";
import type { ReadItem } from "./read-item.ts";
import { pairOf, type View } from "./stage.ts";
import { loadWriters } from "./writers.ts";

export interface Read {
  readonly item: Item;
  readonly read: ReadItem;
}

export async function loadAccounts(storage: Storage): Promise<Map<string, Account>> {
  const rows = await rowsOf(storage, "select id, json from account");
  return new Map(rows.map((row) => [textOf(row, "id"), parseOwn<Account>(textOf(row, "json"))]));
}

export async function loadView(
  { storage, fragments }: { readonly storage: Storage; readonly fragments: Fragments },
  accounts: ReadonlyMap<string, Account>,
  items: readonly Read[],
  nowMs: number,
): Promise<View> {
  const writers = await loadWriters(storage);
  const books = await loadBooks(
    storage,
    items.flatMap(({ read }) => orderNames(read)),
  );
  const told = await loadTold(storage, items);
  const receipts = await loadReceipts(storage, items);
  const view = { accounts, writers, fragments, books, told, receipts, nowMs };
  await fragments.load(fragmentsOf(view, items));
  return view;
}

function orderNames(read: ReadItem): string[] {
  if (read.is === "taken") return [orderNameOf(read.taken.order)];
  if (read.is !== "captures") return [];
  return read.captures.flatMap(({ capture }) => {
    if (capture.kind === "order") return capture.ids.map((name) => orderNameOf(name));
    const isOfOrder = capture.kind === "refund" || capture.kind === "sale";
    return isOfOrder && capture.order !== undefined ? [orderNameOf(capture.order)] : [];
  });
}

const capturesOf = (items: readonly Read[]) =>
  items.flatMap(({ item, read }) =>
    read.is === "captures" ? read.captures.map((each) => ({ account: item.account, ...each })) : [],
  );

async function loadTold(storage: Storage, items: readonly Read[]): Promise<Set<string>> {
  const keys = capturesOf(items).map(({ account, capture }) => [account, capture.key]);
  const rows = await rowsOf(
    storage,
    `select t.account, t.key from json_each(?) k cross join told t
       on t.account = k.value ->> 0 and t.key = k.value ->> 1`,
    [JSON.stringify(keys)],
  );
  return new Set(rows.map((row) => pairOf(textOf(row, "account"), textOf(row, "key"))));
}

async function loadReceipts(
  storage: Storage,
  items: readonly Read[],
): Promise<Map<string, Voidable>> {
  const names = capturesOf(items).flatMap(({ account, capture }) =>
    capture.kind === "void" ? [[account, capture.voids]] : [],
  );
  if (names.length === 0) return new Map();
  const rows = await rowsOf(
    storage,
    `select r.* from json_each(?) k cross join receipt r
       on r.source = k.value ->> 0 and r.name = k.value ->> 1`,
    [JSON.stringify(names)],
  );
  return new Map(
    rows.map((row) => [
      pairOf(textOf(row, "source"), textOf(row, "name")),
      {
        receipt: textOf(row, "receipt"),
        currency: textOf(row, "currency"),
        totalMinor: numberOf(row, "total_minor"),
        subject: parseOwn<string[]>(textOf(row, "subject")),
        voided: numberOf(row, "voided") === 1,
      },
    ]),
  );
}

/** Whatever may be written to: those of the items' own customers, and of whom their orders and receipts are. */
function fragmentsOf({ writers, books, receipts }: View, items: readonly Read[]): FragmentName[] {
  const names: FragmentName[] = [];
  const add = (source: string, [key]: readonly string[]): void => {
    if (key !== undefined) names.push({ source, epoch: writers.get(source)?.epoch ?? 1, key });
  };
  for (const { account, customer } of capturesOf(items)) add(account, customer.keys);
  for (const { said, sale, returns } of books.byId.values()) {
    for (const each of [...said, ...(sale ? [sale] : []), ...returns])
      add(each.account, each.subject);
  }
  for (const [pair, { subject }] of receipts) add(pair.slice(0, pair.indexOf(" ")), subject);
  return names;
}
