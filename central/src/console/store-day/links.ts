/** Addresses of a store-day and of the rows behind its figures. */
import type { RowKey } from "./statements.ts";

export const storeHref = (store: string): string => `/stores/${encodeURIComponent(store)}`;

export const dayHref = (store: string, day: string): string => `${storeHref(store)}/${day}`;

export interface RowsFilter {
  readonly source?: string | undefined;
  readonly epoch?: number | undefined;
  readonly kind?: string | undefined;
  readonly hour?: number | undefined;
  readonly late?: "1" | undefined;
  /** To begin a little before, with `source` and `epoch`. */
  readonly seq?: number | undefined;
  /** `source/epoch/seq` of the last row of the page before. */
  readonly after?: string | undefined;
  readonly csv?: string | undefined;
}

export function rowsHref(store: string, day: string, filter: RowsFilter = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const query = parameters.toString();
  return `${dayHref(store, day)}/rows${query === "" ? "" : `?${query}`}`;
}

/** Rows of one number, wherever they are: also those of no day. */
export const rowHref = (store: string, day: string, { source, epoch, seq }: RowKey): string =>
  `${dayHref(store, day)}/rows/${encodeURIComponent(source)}/${epoch}/${seq}`;
