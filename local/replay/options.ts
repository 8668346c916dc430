/** What a replay is asked to do. */
import { resolve } from "node:path";
import { z } from "zod";
import { readArguments } from "../arguments.ts";
import { CommandFailure } from "../command.ts";
import { FORMATS } from "../formats/formats.ts";

const whole = z.coerce.number().int();
const optionsSchema = z.object({
  input: z.string().min(1),
  format: z.string().min(1),
  stores: whole.min(1).max(50).default(4),
  terminals: whole.min(1).max(50).default(3),
  "offline-share": z.coerce.number().min(0).max(1).default(0.3),
  /** Invoices to replay; all when absent. */
  limit: whole.min(1).optional(),
  /** Sales per second; as fast as they go when absent. */
  rate: z.coerce.number().positive().optional(),
  data: z.string().min(1).optional(),
  /** First of the ports to use. */
  port: whole.min(1024).max(60_000).default(4400),
});
export type Options = z.infer<typeof optionsSchema>;

const agentsMax = 50; // each is a process
const usage =
  "Usage: npm run -s replay -- --input FILE --format online-retail [--stores 4] [--terminals 3] " +
  "[--offline-share 0.3] [--limit INVOICES] [--rate PER_SECOND] [--data FOLDER] [--port 4400]";

export function readOptions(args: readonly string[]): Options {
  const options = optionsSchema.safeParse(
    readArguments(args, { texts: Object.keys(optionsSchema.shape), usage }),
  );
  if (!options.success) {
    const name = String(options.error.issues[0]?.path[0]);
    throw new CommandFailure(`The option --${name} is missing or not valid. ${usage}`);
  }
  const { format, input, data, stores, terminals } = options.data;
  if (!Object.hasOwn(FORMATS, format)) {
    const known = Object.keys(FORMATS).join(", ");
    throw new CommandFailure(`The format ${format} is unknown; known is ${known}.`);
  }
  if (stores * terminals > agentsMax) {
    throw new CommandFailure(
      `${stores} stores of ${terminals} terminals are too many: at most ${agentsMax} agents run on one machine.`,
    );
  }
  return { ...options.data, input: resolve(input), ...(data && { data: resolve(data) }) };
}
