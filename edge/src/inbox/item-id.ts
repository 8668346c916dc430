/**
 * The number under which an item lies: that of its writer in this inbox, then its own. Rows of a kilobyte stand three to a page this
 * way, where a key of three columns would keep each on a page of its own.
 */

/** More than a writer has. */
const OF_A_WRITER = 2 ** 32;

export const itemIdOf = (writer: number, seq: number): number => writer * OF_A_WRITER + seq;

/** The same in SQL, of a writer's number and an item's. */
export const itemIdSql = (writer: string, seq: string): string => `((${writer} << 32) + ${seq})`;

/** Of one writer's items, a condition on `id`. */
export const isOfWriterSql = (writer: string): string =>
  `id > (${writer} << 32) and id < ((${writer} + 1) << 32)`;
