/** Tables as files (RFC 4180, UTF-8 with a mark, so that spreadsheets read it as such). */
import { stringify } from "csv-stringify/sync";

export type Cell = string | number | null;

/**
 * Text that a spreadsheet would run as a formula is led by an apostrophe; numbers are numbers, and stay so.
 */
export function csvOf(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const safe = rows.map((row) => row.map((cell) => (typeof cell === "string" ? tame(cell) : cell)));
  return `\uFEFF${stringify([[...head], ...safe], { record_delimiter: "windows" })}`;
}

const tame = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** `name` is a file name without its ending. */
export function csvResponse(name: string, text: string): Response {
  return new Response(text, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "no-store",
    },
  });
}
