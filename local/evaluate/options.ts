/** What an evaluation is asked to do. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { CommandFailure } from "../command.ts";

const optionsSchema = z.object({
  records: z.array(z.string().min(1)).min(1).max(2),
  id: z.string().min(1),
  /** A column of the records, or a file. */
  truth: z.string().min(1).optional(),
  "truth-pattern": z.string().min(1).optional(),
  mapping: z.string().min(1).optional(),
  mode: z.enum(["batch", "incremental"]).default("batch"),
  shuffle: z.coerce.number().int().min(0).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  /** Where the clusters go, as CSV; nowhere when absent. */
  clusters: z.string().min(1).optional(),
});

export interface Options extends Omit<z.infer<typeof optionsSchema>, "truth-pattern"> {
  readonly truthPattern: RegExp | null;
}

const usage =
  "Usage: npm run -s evaluate:identity -- --records A.csv [--records B.csv] --id COLUMN|@row --truth COLUMN|FILE " +
  "[--truth-pattern REGEX] [--mapping MAPPING.json] [--mode batch|incremental] [--shuffle SEED] " +
  "[--country GB] [--clusters OUT.csv]";

export function readOptions(args: readonly string[]): Options {
  const options = optionsSchema.safeParse(readArgs(args));
  if (!options.success) {
    const name = String(options.error.issues[0]?.path[0]);
    throw new CommandFailure(`The option --${name} is missing or not valid. ${usage}`);
  }
  const { "truth-pattern": pattern, records, ...rest } = options.data;
  return {
    ...rest,
    records: records.map((path) => resolve(path)),
    truthPattern: pattern === undefined ? null : readPattern(pattern),
  };
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new CommandFailure(`--truth-pattern is not a regular expression. ${usage}`, {
      cause: error,
    });
  }
}

function readArgs(args: readonly string[]): Record<string, unknown> {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        records: { type: "string", multiple: true },
        id: text,
        truth: text,
        "truth-pattern": text,
        mapping: text,
        mode: text,
        shuffle: text,
        country: text,
        clusters: text,
      },
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : "The options cannot be read.";
    throw new CommandFailure(`${said} ${usage}`, { cause: error });
  }
}
