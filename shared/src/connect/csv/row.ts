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
}

/** The mapping's columns are all in the header: `unknownColumns` has said so. */
export function createRowReader(mapping: CsvMapping, header: readonly string[]): RowReader {
  const placesOf = (columns: readonly string[]) =>
    columns.map((column) => header.indexOf(column)).filter((place) => place !== -1);
  const places = new Map(
    MEANINGS.map((meaning) => [meaning, placesOf(columnsOf(mapping, meaning))] as const),
  );
  const traits = mapping.traits ?? [];
  return {
    text(row, meaning) {
      const [only, ...more] = places.get(meaning) ?? [];
      if (only === undefined) return "";
      if (more.length === 0) return cellText(row.cells[only]);
      const texts = [only, ...more].map((place) => cellText(row.cells[place]));
      return texts.filter((text) => text !== "").join(" ");
    },
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
