/** What `npm run -s generate` can be told. */
import { resolve } from "node:path";
import { z } from "zod";
import { readArguments } from "../arguments.ts";
import { CommandFailure } from "../command.ts";

/** More would not fit the memory of a small machine: all records are kept until they are shuffled. */
const customersMax = 1_000_000;

const whole = z
  .string()
  .regex(/^\d{1,10}$/)
  .transform(Number);
const optionsSchema = z.object({
  customers: whole.pipe(z.int().min(1).max(customersMax)),
  seed: whole.pipe(z.int().min(0).max(4_294_967_295)), // what the generator of chance can tell apart
  out: z.string().min(1),
});
export type Options = z.infer<typeof optionsSchema>;

const usage = `Usage: npm run -s generate -- --customers N --seed S --out FOLDER (N from 1 to ${customersMax}, S a whole number).`;

export function readOptions(args: readonly string[]): Options {
  const texts = Object.keys(optionsSchema.shape);
  const options = optionsSchema.safeParse(readArguments(args, { texts, usage }));
  if (options.success) return { ...options.data, out: resolve(options.data.out) };
  const name = String(options.error.issues[0]?.path[0]);
  throw new CommandFailure(`The option --${name} is missing or not valid. ${usage}`);
}
