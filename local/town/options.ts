/** What `npm start` can be told. */
import { join, resolve } from "node:path";
import { z } from "zod";
import { readArguments } from "../arguments.ts";
import { CommandFailure } from "../command.ts";
import { ROOT } from "../system/programs.ts";

const optionsSchema = z.object({
  data: z
    .string()
    .min(1)
    .default(join(ROOT, ".regulars", "town")),
  /** First of the ports to use. */
  port: z.coerce.number().int().min(1024).max(60_000).default(4300),
  /** How long a day takes. */
  seconds: z.coerce.number().min(1).max(3600).default(50),
  /** Of a town that is not there yet. */
  seed: z.coerce.number().int().min(0).max(1_000_000).default(1),
  exit: z.boolean().default(false),
});
export type TownOptions = z.infer<typeof optionsSchema>;

const usage =
  "Usage: npm start -- [--data FOLDER] [--port 4300] [--seconds 50] [--seed 1] [--exit]";

export function readOptions(args: readonly string[]): TownOptions {
  const options = optionsSchema.safeParse(
    readArguments(args, { texts: ["data", "port", "seconds", "seed"], flags: ["exit"], usage }),
  );
  if (options.success) return { ...options.data, data: resolve(options.data.data) };
  const name = String(options.error.issues[0]?.path[0]);
  throw new CommandFailure(`The option --${name} is not valid. ${usage}`);
}
