import type { Action } from "../access/actions.ts";
import { type Row, TABLE } from "../access/table.ts";

/** Who may, in the words of the table. */
export const rowsOf = (action: Action): string[] =>
  Object.entries(TABLE)
    .filter(([, granted]) => granted[action] !== undefined)
    .map(([row]) => WORDS[row] ?? row.replace("connector:", "API keys with the scope "));

const WORDS: Readonly<Partial<Record<string, string>>> = {
  till: "tills",
  customer: "customers, about themselves",
  associate: "associates",
  desk: "the service desk",
  centre: "the centre",
} satisfies Partial<Record<Row, string>>;
