/**
 * The drawer in the till's database: read once, then held in memory like the writer, and written in the write of each row that
 * changes it, so that its figures are never another moment's than the journal's (REC1).
 */
import type { RegularsEvent } from "@regulars/shared/events/event";
import { countSchema } from "@regulars/shared/events/count";
import type { ClosedDay, Drawer, OpenShift, TakenCount } from "@regulars/shared/shift/drawer";
import { shiftFiguresSchema } from "@regulars/shared/shift/figures";
import {
  numberOf,
  type Row,
  rowsOf,
  type Statement,
  type Storage,
  textOf,
} from "@regulars/shared/storage/port";
import { z } from "zod";

/** Of this store: what a terminal did in another one is no day of this one's. Numbers go on from store to store. */
export async function loadDrawer(storage: Storage, store: string): Promise<Drawer> {
  const [closed = [], sealed = []] = await storage.read([
    {
      sql: `select business_day, max(number) as number from shift indexed by shift_day
            where closed_at is not null and store = ? group by business_day`,
      args: [store],
    },
    { sql: "select business_day from seal where store = ?", args: [store] },
  ]);
  const days = new Map<string, ClosedDay>();
  for (const row of closed) {
    days.set(textOf(row, "business_day"), { number: numberOf(row, "number"), isSealed: false });
  }
  for (const row of sealed) {
    const day = textOf(row, "business_day");
    days.set(day, { number: days.get(day)?.number ?? 0, isSealed: true });
  }
  const open = await loadOpenShift(storage);
  return { open, ...(await loadNumbers(storage)), closed: days };
}

/** The last one, or none: another is opened only when it is closed or left. */
export async function loadOpenShift(storage: Storage): Promise<OpenShift | null> {
  const [row] = await rowsOf(storage, "select * from shift order by number desc limit 1");
  const isOpen = row && row["closed_at"] === null && numberOf(row, "is_left") === 0;
  return isOpen ? openOf(row) : null;
}

/** Z numbers given out, of shifts and of days. A mark outside of the folder may know of more than its tables do. */
export async function loadNumbers(
  storage: Storage,
): Promise<{ readonly shifts: number; readonly seals: number }> {
  const [row] = await rowsOf(
    storage,
    `select max(coalesce((select max(number) from shift), 0), ${KNOWN("shifts")}) as shifts,
       max(coalesce((select max(number) from seal), 0), ${KNOWN("seals")}) as seals`,
  );
  return row
    ? { shifts: numberOf(row, "shifts"), seals: numberOf(row, "seals") }
    : { shifts: 0, seals: 0 };
}

const KNOWN = (name: string): string =>
  `coalesce((select cast(value as integer) from setting where name = '${name}'), 0)`;

/** What a mark says that was given out before this folder came back from a backup. */
export const numbersStatements = (numbers: {
  readonly shifts: number;
  readonly seals: number;
}): Statement[] =>
  (["shifts", "seals"] as const).map((name) => ({
    sql: `insert into setting (name, value) values (?, ?)
          on conflict (name) do update
            set value = cast(max(cast(value as integer), cast(excluded.value as integer)) as text)`,
    args: [name, String(numbers[name])],
  }));

/**
 * Nobody knows what became of its drawer meanwhile: it gets no Z report here, which could be its second one. Whoever stands at
 * the till counts, and opens the next shift.
 */
export const LEAVE_SHIFT: Statement = {
  sql: "update shift set is_left = 1 where closed_at is null and is_left = 0",
};

const takenCountSchema = countSchema.extend({ at: z.string() });

export const countOf = (row: Row): TakenCount | null =>
  row["count"] === null ? null : takenCountSchema.parse(JSON.parse(textOf(row, "count")));

const openOf = (row: Row): OpenShift => ({
  id: textOf(row, "id"),
  number: numberOf(row, "number"),
  businessDay: textOf(row, "business_day"),
  openedAt: textOf(row, "opened_at"),
  staff: row["staff"] === null ? undefined : textOf(row, "staff"),
  figures: shiftFiguresSchema.parse(JSON.parse(textOf(row, "figures"))),
  count: countOf(row),
});

/** What this row changes but figures and count of the shift that stays open: those are written once for all rows of a write. */
export function rowStatements(
  event: RegularsEvent,
  before: Drawer,
  { store, nowMs }: { readonly store: string; readonly nowMs: number },
): Statement[] {
  switch (event.kind) {
    case "open":
      return [
        {
          sql: `insert into shift (number, id, store, epoch, business_day, opened_at, opened_ms,
                  staff, figures) values (?, ?, ?, ?, ?, ?, ?, ?, '{}')`,
          args: [
            event.body.number,
            `${event.epoch}/${event.seq}`,
            store,
            event.epoch,
            event.businessDay,
            event.at,
            nowMs,
            event.body.staff ?? null,
          ],
        },
      ];
    case "close": {
      const { number, figures } = event.body;
      return [
        ...(before.open ? [figuresStatement({ ...before.open, figures })] : []),
        {
          sql: "update shift set closed_at = ?, report = ? where number = ?",
          args: [event.at, JSON.stringify(event.body), number],
        },
      ];
    }
    case "seal":
      return [
        {
          sql: `insert into seal (number, store, business_day, sealed_at, root, heads)
                values (?, ?, ?, ?, ?, ?)`,
          args: [
            event.body.number,
            store,
            event.businessDay,
            event.at,
            event.body.root,
            JSON.stringify(event.body.heads),
          ],
        },
      ];
    default:
      return event.flags.includes("late") ? amendmentStatements(event, before, store) : [];
  }
}

function amendmentStatements(event: RegularsEvent, before: Drawer, store: string): Statement[] {
  if (!("receipt" in event.body)) return [];
  const { receipt, currency, totalMinor, tenders = [] } = event.body;
  const number = before.closed.get(event.businessDay)?.number ?? 0;
  return [
    {
      sql: `insert into amendment (store, business_day, shift, captured_at, kind, receipt, currency,
              total_minor, tenders) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [
        store,
        event.businessDay,
        number === 0 ? null : number,
        event.at,
        event.kind,
        receipt,
        currency,
        totalMinor,
        JSON.stringify(tenders),
      ],
    },
  ];
}

/** Of the shift that is open after a write, where the write has changed it. */
export function openStatements(before: Drawer, { open }: Drawer): Statement[] {
  if (!open) return [];
  const isSame = open.figures === before.open?.figures && open.count === before.open.count;
  return isSame ? [] : [figuresStatement(open)];
}

const figuresStatement = ({ number, figures, count }: OpenShift): Statement => ({
  sql: "update shift set figures = ?, count = ? where number = ?",
  args: [JSON.stringify(figures), count && JSON.stringify(count), number],
});
