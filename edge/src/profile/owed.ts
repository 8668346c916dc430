/**
 * What follows from sales of this moment: fragments that the centre has to be given, and stores that are to be told. Mostly it is
 * done within a second, so it stands in memory and in one row that each merge writes anew, not in a row for each that comes and
 * goes: each is paid for. The row names at least what is open. What is still open at the alarm or after a reset goes into the tables
 * `undelivered` and `notice`, where all else is that waits longer (EDG4).
 */
import type { CustomerId } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { rowsOf, type Statement, type Storage, textOf } from "@regulars/shared/storage/port";
import { parseOwn } from "../own-json.ts";
import { noticeStatement, undeliveredStatement } from "./statements.ts";

export interface OwedFragment {
  readonly customer: CustomerId;
  readonly id: string;
  readonly clock: number;
}

export interface OwedNotice {
  readonly store: string;
  readonly customer: CustomerId;
  readonly version: number;
}

export interface Owing {
  readonly fragments: readonly OwedFragment[];
  readonly notices: readonly OwedNotice[];
}

/** Statements of the write that entries follow from, and what is to be called after it. */
export interface Following {
  readonly statements: readonly Statement[];
  readonly written?: () => void;
}

export interface Owed {
  open(): Promise<void>;
  /** What is open; an entry that is renewed is another one. */
  readonly all: () => Owing;
  readonly owes: (customer: CustomerId) => boolean;
  add(owing: Owing): Following;
  /** These are done. */
  done(owing: Partial<Owing>): void;
  /** Memory and row come to an end; true if anything was open. Not to be run while anything is added. */
  settle(): Promise<boolean>;
}

export function createOwed(storage: Storage): Owed {
  const fragments = new Map<string, OwedFragment>();
  const notices = new Map<string, OwedNotice>();
  let isWritten = false;
  const all = (): Owing => ({ fragments: [...fragments.values()], notices: [...notices.values()] });
  function done(owing: Partial<Owing>): void {
    for (const each of owing.fragments ?? []) drop(fragments, nameOf(each), each);
    for (const each of owing.notices ?? []) drop(notices, placeOf(each), each);
  }
  return {
    async open() {
      const [row] = await rowsOf(storage, "select value from setting where name = 'owed'");
      if (row) await storage.write(endStatements(parseOwn<Owing>(textOf(row, "value"))));
    },
    all,
    owes: (customer) => [...fragments.values()].some((each) => each.customer === customer),
    add(owing) {
      if (owing.fragments.length + owing.notices.length === 0) return { statements: [] };
      const open = all();
      const next = {
        fragments: [...open.fragments, ...owing.fragments],
        notices: [...open.notices, ...owing.notices],
      };
      if (next.fragments.length + next.notices.length > LIMITS.owedEntries) {
        return { statements: tableStatements(owing) };
      }
      return {
        statements: [rowStatement(next)],
        written() {
          isWritten = true;
          for (const each of owing.fragments) fragments.set(nameOf(each), each);
          for (const each of owing.notices) notices.set(placeOf(each), each);
        },
      };
    },
    done,
    async settle() {
      if (!isWritten) return false;
      const open = all();
      await storage.write(endStatements(open));
      isWritten = false;
      done(open);
      return open.fragments.length + open.notices.length > 0;
    },
  };
}

const nameOf = ({ customer, id }: OwedFragment): string => `${customer}/${id}`;
const placeOf = ({ store, customer }: OwedNotice): string => `${store}/${customer}`;

/** One that was renewed meanwhile stays. */
function drop<Entry>(entries: Map<string, Entry>, name: string, entry: Entry): void {
  if (entries.get(name) === entry) entries.delete(name);
}

const rowStatement = (owing: Owing): Statement => ({
  sql: `insert into setting (name, value) values ('owed', ?)
        on conflict (name) do update set value = excluded.value`,
  args: [JSON.stringify(owing)],
});

const tableStatements = ({ fragments, notices }: Owing): Statement[] => [
  ...fragments.map((each) => undeliveredStatement(each)),
  ...notices.map((each) => noticeStatement(each, 0)),
];

const endStatements = (owing: Owing): Statement[] => [
  ...tableStatements(owing),
  { sql: "delete from setting where name = 'owed'" },
];
