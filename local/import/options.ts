/** What was asked for on the command line, or a sentence that says what cannot be read. */
import { parseArgs } from "node:util";
import { z } from "zod";
import { sourceIdSchema } from "@regulars/shared/ids";
import { CommandFailure } from "../command.ts";

export const FORMATS = [
  "poslog",
  "csv",
  "ndjson",
  "cloudevents",
  "shopify",
  "woocommerce",
  "square",
  "segment",
] as const;
export type Format = (typeof FORMATS)[number];

export interface Options {
  readonly file: string;
  readonly format: Format;
  readonly account: string | null;
  readonly accountFile: string | null;
  readonly edge: string | null;
  readonly map: string | null;
  readonly saveMap: string | null;
  /** Of messages of a platform whose lines are bodies alone: `orders/create`. */
  readonly topic: string | null;
  readonly isPreview: boolean;
}

const usage =
  "Use: npm run -s import -- FILE --format FORMAT --account ID --edge URL [--map mapping.json], or with --preview instead of --edge.";

export const HELP = `${usage}

  --format FORMAT       ${FORMATS.join(", ")}
  --account ID          the account that the file is imported for
  --edge URL            address of the edge; the account's key is in the environment variable REGULARS_API_KEY
  --map FILE            how a CSV file is read
  --preview             show what the file would become, and send nothing
  --save-map FILE       with a preview of a CSV file: write the guessed mapping into this file
  --account-file FILE   the account as JSON, for a preview without an edge
  --topic TOPIC         for bodies of a platform whose kind cannot be told from themselves: orders/create

More is in docs/import.md.`;

/** Also where something else of the command cannot be read. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === "--help" || arg === "-h");
}

const TEXTS = ["format", "account", "account-file", "edge", "map", "save-map", "topic"] as const;

export function readOptions(args: readonly string[]): Options {
  const { values, files } = parse(args);
  const [file, more] = files;
  if (file === undefined) throw new CommandFailure(`Which file? ${usage}`);
  if (more !== undefined) throw new CommandFailure(`One file at a time. ${usage}`);
  const format = z.enum(FORMATS).safeParse(values["format"]);
  if (!format.success) {
    const known = FORMATS.join(", ");
    throw new CommandFailure(
      values["format"] === undefined
        ? `Which format is it? --format takes one of these: ${known}.`
        : `This format is not known; these are: ${known}.`,
    );
  }
  const text = (name: (typeof TEXTS)[number]): string | null => {
    const value = values[name];
    return typeof value === "string" ? value : null;
  };
  const isPreview = values["preview"] === true || text("save-map") !== null;
  const account = text("account");
  if (account !== null && !sourceIdSchema.safeParse(account).success) {
    throw new CommandFailure(
      "--account is not the id of an account: lower-case letters, digits, dashes.",
    );
  }
  if (!isPreview && account === null) throw new CommandFailure(`Which account? ${usage}`);
  const edge = edgeOf(text("edge"));
  if (!isPreview && edge === null) throw new CommandFailure(`Where is the edge? ${usage}`);
  if (format.data !== "csv" && (text("map") ?? text("save-map")) !== null) {
    throw new CommandFailure("A mapping is for --format csv only.");
  }
  return {
    file,
    format: format.data,
    account,
    accountFile: text("account-file"),
    edge,
    map: text("map"),
    saveMap: text("save-map"),
    topic: text("topic"),
    isPreview,
  };
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(TEXTS.map((name) => [name, { type: "string" as const }])),
        preview: { type: "boolean" },
      },
    });
    const texts: Readonly<Record<string, unknown>> = values;
    return { values: texts, files: positionals };
  } catch (error) {
    const said = error instanceof Error ? error.message : "The options cannot be read.";
    throw new CommandFailure(`${said} ${usage}`, { cause: error });
  }
}

/** The address without what stands behind the host and its path. */
function edgeOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CommandFailure("--edge is not an address such as https://edge.example.com.");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
