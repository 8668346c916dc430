/** @jsxImportSource hono/jsx */
// Every table of the console: one list of columns makes the page, the cards of a phone and the file.
import type { Child } from "hono/jsx";
import { type Cell, csvOf } from "./csv.ts";

export interface Column<Row> {
  readonly head: string;
  /** What the file has there: a plain number or text, times as ISO 8601, money in minor units beside its currency. */
  readonly csv: (row: Row) => Cell;
  /** What the page has there; the file's where absent. */
  readonly cell?: (row: Row) => Child;
  /** Figures stand to the right, under their head. */
  readonly isFigure?: boolean;
  /** Names the row. One column has it. */
  readonly isName?: boolean;
  /** In the file alone. */
  readonly isFileOnly?: boolean;
}

export interface DataTableProps<Row> {
  /** Of the section, unique in its page. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** What is said where there is nothing. */
  readonly empty: string;
  /** Where the whole table is as a file; null for who may not have it. */
  readonly csvHref: string | null;
  /** Where the next rows are. */
  readonly next?: string | null;
  /** Of rows that stand out: `mark-bad`, `mark-waiting`, `mark-quiet`; words in the row say why. */
  readonly mark?: (row: Row) => string | undefined;
  /** Under the head: what the table counts, and since when. */
  readonly note?: Child;
}

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { id, title, rows, empty, csvHref, next = null, note, mark } = props;
  const columns = props.columns.filter(({ isFileOnly }) => isFileOnly !== true);
  return (
    <section aria-labelledby={id}>
      <div class="head">
        <h2 id={id}>{title}</h2>
        {csvHref === null || rows.length === 0 ? null : (
          <a class="file" href={csvHref} download aria-label={`${title} as CSV`}>
            CSV
          </a>
        )}
      </div>
      {note === undefined ? null : <p class="quiet">{note}</p>}
      {rows.length === 0 ? (
        <p class="empty">{empty}</p>
      ) : (
        <div class="scroll">
          <table class="cards">
            <thead>
              <tr>
                {columns.map(({ head, isFigure }) => (
                  <th scope="col" class={isFigure === true ? "number" : undefined}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr class={mark?.(row)}>
                  {columns.map((column) => (
                    <TableCell column={column} row={row} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next === null ? null : (
        <p class="more">
          <a href={next}>Next</a>
        </p>
      )}
    </section>
  );
}

function TableCell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { head, cell, csv, isFigure, isName } = column;
  const content = cell ? cell(row) : csv(row);
  if (isName === true) return <th scope="row">{content}</th>;
  const isNothing = content === null || content === undefined;
  // On a card, what is not there needs no line.
  const classes = [isFigure === true ? "number" : [], isNothing ? "nothing" : []].flat().join(" ");
  return (
    <td class={classes || undefined} data-label={head}>
      {isNothing ? "–" : content}
    </td>
  );
}

/** The same columns as a file. */
export const tableFile = <Row,>(columns: readonly Column<Row>[], rows: readonly Row[]): string =>
  csvOf(
    columns.map(({ head }) => head),
    rows.map((row) => columns.map(({ csv }) => csv(row))),
  );
