/** Options of the commands of this folder: what cannot be read is told in one sentence, before anything is begun. */
import { parseArgs, type ParseArgsConfig } from "node:util";

/** As `parseArgs`; ends the process with 2 at an option that is unknown or lacks its value. */
export function readOptions<T extends NonNullable<ParseArgsConfig["options"]>>(options: T) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    const names = Object.keys(options).map((name) => `--${name}`);
    const said = error instanceof Error ? error.message : "The options cannot be read.";
    return refuse(`${said.replace(/\.?$/, ".")} There are: ${names.join(", ")}.`);
  }
}

/** The whole number that an option says, or `share` of one where it may be; ends the process with 2 at anything else. */
export function numberOf(name: string, text: string, { share = false } = {}): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (value >= 0 && (share ? Number.isFinite(value) : Number.isSafeInteger(value))) return value;
  return refuse(`--${name} must be a ${share ? "" : "whole "}number.`);
}

/** Some of the names, with commas between them; ends the process with 2 at any other. */
export function namesOf<Name extends string>(
  option: string,
  text: string,
  names: readonly Name[],
): Name[] {
  return text.split(",").map((each) => {
    const known = names.find((name) => name === each.trim());
    return known ?? refuse(`--${option} must be of: ${names.join(", ")}.`);
  });
}

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}
