/** What was asked for on the command line, or a sentence that says what cannot be. */
import { parseArgs } from "node:util";
import { CommandFailure } from "../../local/command.ts";

export type Wanted =
  | { readonly kind: "help" }
  | { readonly kind: "report"; readonly files: readonly string[] }
  | {
      readonly kind: "benches";
      readonly names: readonly string[];
      readonly isQuick: boolean;
      readonly isJson: boolean;
      /** Of the command `all`, which writes the report. */
      readonly isAll: boolean;
    };

const OPTIONS = {
  quick: { type: "boolean" },
  json: { type: "boolean" },
  only: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

export function readWanted(args: readonly string[], known: readonly string[]): Wanted {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) if (token.kind === "option") requireKnown(token);
  const [name, ...more] = positionals;
  const flags = { isQuick: values.quick === true, isJson: values.json === true };
  if (values.help === true) return { kind: "help" };
  if (name === undefined) throw new CommandFailure(`Say which bench: ${listOf(known)}.`);
  if (name === "report") return reportOf(more, tokens);
  if (more.length > 0) {
    throw new CommandFailure("One bench at a time; for some of them: all --only NAME,NAME.");
  }
  if (name === "all") return { kind: "benches", ...flags, isAll: true, names: someOf(values.only, known) }; // prettier-ignore
  if (values.only !== undefined) throw new CommandFailure("Only `all` takes --only.");
  return { kind: "benches", ...flags, isAll: false, names: [nameOf(name, known)] };
}

type Token = ReturnType<typeof parseArgs>["tokens"];
interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
}

function requireKnown({ name, rawName, value }: OptionToken): void {
  if (!Object.hasOwn(OPTIONS, name)) {
    throw new CommandFailure(
      `There is no option ${rawName}: a bench takes --quick and --json, and \`all\` also --only NAME,NAME.`,
    );
  }
  if (name !== "only" && value !== undefined) {
    throw new CommandFailure(`The option ${rawName} takes no value.`);
  }
}

function reportOf(files: readonly string[], tokens: Token): Wanted {
  if (tokens?.some(({ kind }) => kind === "option") === true) {
    throw new CommandFailure("`report` takes files of results, and no options.");
  }
  return { kind: "report", files };
}

function someOf(only: string | boolean | undefined, known: readonly string[]): readonly string[] {
  if (only === undefined) return known;
  const asked = typeof only === "string" ? only.split(",").filter((name) => name !== "") : [];
  if (asked.length === 0) throw new CommandFailure(`Say which after --only: ${listOf(known)}.`);
  const names = new Set(asked.map((name) => nameOf(name, known)));
  return known.filter((name) => names.has(name));
}

function nameOf(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  throw new CommandFailure(`There is no bench "${name}". There are: ${listOf(known)}.`);
}

const listOf = (known: readonly string[]): string => `${known.join(", ")}, or all of them by all`;
