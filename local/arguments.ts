/** The arguments of a command as text, or a sentence that says which of them cannot be read. */
import { parseArgs } from "node:util";
import { CommandFailure } from "./command.ts";

export interface Arguments {
  /** Names of options that take a value. */
  readonly texts: readonly string[];
  /** Names of options that stand alone. */
  readonly flags?: readonly string[];
  readonly usage: string;
}

export function readArguments(
  args: readonly string[],
  { texts, flags = [], usage }: Arguments,
): Record<string, unknown> {
  try {
    return parseArgs({
      args: [...args],
      options: Object.fromEntries([...typed(texts, "string"), ...typed(flags, "boolean")]),
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : "The options cannot be read.";
    throw new CommandFailure(`${said} ${usage}`, { cause: error });
  }
}

const typed = (names: readonly string[], type: "string" | "boolean") =>
  names.map((name) => [name, { type }] as const);
