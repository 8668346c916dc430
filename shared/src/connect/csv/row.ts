/** One row of a file by what its columns mean. */
import { type CsvMapping, type Meaning, MEANINGS, columnsOf } from "./mapping.ts";
import { cellText } from "./cell.ts";

export interface CsvRow {
  /** Line of the file that it ends on, counted from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface RowReader {
  /** "" where the row says nothing; several columns with a space between them. */
  text(row: CsvRow, meaning: Meaning): string;
  has(meaning: Meaning): boolean;
  traits(row: CsvRow): Record<string, string>;
  /** Those that the mapping's `only` lets through. */
  wanted(rows: readonly CsvRow[]): readonly CsvRow[];
}

/** The mapping's columns are all in the header: `unknownColumns` has said so. */
export function createRowReader(mapping: CsvMapping, header: readonly string[]): RowReader {
  const placesOf = (columns: readonly string[]) =>
    columns.map((column) => header.indexOf(column)).filter((place) => place !== -1);
  const places = new Map(
    MEANINGS.map((meaning) => [meaning, placesOf(columnsOf(mapping, meaning))] as const),
  );
  const { traits = [], only } = mapping;
  const wordsOf = (row: CsvRow | undefined): string =>
    cellText(row?.cells[header.indexOf(only?.column ?? "")]).toLowerCase();
  const values = new Set(only?.values.map((value) => value.trim().toLowerCase()));
  return {
    text(row, meaning) {
      const [place, ...more] = places.get(meaning) ?? [];
      if (place === undefined) return "";
      if (more.length === 0) return cellText(row.cells[place]);
      const texts = [place, ...more].map((each) => cellText(row.cells[each]));
      return texts.filter((text) => text !== "").join(" ");
    },
    wanted: (rows) =>
      only === undefined
        ? rows
        : rows.filter((row) => values.has(wordsOf(row) || wordsOf(rows[0]))),
    has: (meaning) => (places.get(meaning)?.length ?? 0) > 0,
    traits: (row) =>
      Object.fromEntries(
        traits.flatMap((column) => {
          const text = cellText(row.cells[header.indexOf(column)]);
          return text === "" ? [] : [[column, text]];
        }),
      ),
  };
}
