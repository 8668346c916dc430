/** Marks on the store-days that arrived rows are about, so that they are checked (REC2). */
import { LIMITS } from "@regulars/shared/limits";
import type { Statement } from "@regulars/shared/storage/port";
import {
  markAround,
  markDirty,
  markExpecting,
  markFollowing,
  markRelated,
} from "../reconcile/dirty.ts";
import { type ArrivedEvent, type EventRow, eventRowOf } from "./event-row.ts";

export interface ArrivedRows {
  readonly store: string;
  readonly rows: readonly { readonly item: ArrivedEvent; readonly row: EventRow }[];
  readonly refused: ArrivedEvent | null;
}

/** A day is checked at once when it may be closed, and else when more of what came may have come as well. */
export function dayMarks({ store, rows, refused }: ArrivedRows, nowMs: number): Statement[] {
  const soonMs = nowMs + LIMITS.checkGapMs;
  const daysOf = (of: readonly EventRow[]) =>
    [...new Set(of.flatMap(({ businessDay }) => businessDay ?? []))].map((businessDay) => ({
      store,
      businessDay,
    }));
  const read = rows.map(({ row }) => row);
  const ended = daysOf(read.filter(({ kind }) => kind === "close" || kind === "seal"));
  const days = daysOf(refused ? [...read, eventRowOf(refused)] : read);
  const receipts = read.flatMap(({ receipt, refers }) => [receipt ?? [], refers ?? []].flat());
  const aside = rows.filter(({ row }) => row.businessDay === null).map(({ item }) => item);
  const around = refused ? [...aside, refused] : aside;
  return [
    ...(days.length > 0 ? [markDirty(days, soonMs)] : []),
    ...(ended.length > 0 ? [markDirty(ended, nowMs), markFollowing(ended, soonMs)] : []),
    ...(rows.length > 0 ? [markExpecting(store, soonMs)] : []),
    ...(receipts.length > 0 ? [markRelated([...new Set(receipts)], soonMs)] : []),
    ...(around.length > 0 ? [markAround(around, soonMs)] : []),
  ];
}
