/** A run of a bench with all that makes it mean something later: when, of which commit, on which machine. */
import { z } from "zod";
import type { Growth, Measured } from "../measured.ts";

const sizeSchema = z.number().positive();

const growthSchema = z.strictObject({
  of: z.string().min(1),
  cost: z.enum(["of all", "of each"]),
  unit: z.string(),
  points: z.array(z.strictObject({ size: sizeSchema, cost: z.number().nonnegative() })).min(2),
  exponent: z.number(),
  because: z.string().exactOptional(),
}) satisfies z.ZodType<Growth>;

const msSchema = z.number().nonnegative();

/** In the order in which it is printed. */
export const measuredSchema = z.strictObject({
  bench: z.string().min(1),
  value: z.number(),
  unit: z.string(),
  baseline: z.number(),
  ratio: z.number(),
  n: z.int().nonnegative(),
  p50: msSchema,
  p95: msSchema,
  p99: msSchema,
  conditions: z.string(),
  limit: z.string().min(1).exactOptional(),
  missed: z.array(z.string().min(1)).exactOptional(),
  growth: growthSchema.exactOptional(),
}) satisfies z.ZodType<Measured>;

export const machineSchema = z.strictObject({
  cores: z.int().positive(),
  model: z.string(),
  memoryGb: z.number().positive(),
  system: z.string(),
  node: z.string(),
  workerd: z.string(),
});

export type Machine = Readonly<z.infer<typeof machineSchema>>;

export interface Result {
  readonly bench: string;
  readonly isQuick: boolean;
  /** When it began. */
  readonly at: string;
  readonly seconds: number;
  /** Of the tree that was measured; null outside of a repository. */
  readonly commit: string | null;
  /** Whether the tree was as it was committed, but for the report itself. */
  readonly isClean: boolean;
  readonly machine: Machine;
  readonly rows: readonly Measured[];
}

export const resultSchema = z.strictObject({
  bench: z.string().min(1),
  isQuick: z.boolean(),
  at: z.iso.datetime(),
  seconds: z.number().nonnegative(),
  commit: z.string().nullable(),
  isClean: z.boolean(),
  machine: machineSchema,
  rows: z.array(measuredSchema).min(1),
}) satisfies z.ZodType<Result>;

/** The newest of each bench, in the order of `names`; what is not among them is no bench any more. */
export function newestOf(results: readonly Result[], names: readonly string[]): Result[] {
  return names.flatMap((name) => {
    const all = results.filter(({ bench }) => bench === name);
    return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(-1);
  });
}

/** Stands where a bench should have said something. */
export function failedRow(bench: string, why: string): Measured {
  const nothing = { value: 0, unit: "not measured", baseline: 0, ratio: 0, n: 0 };
  const missed = [`did not come to its end: ${why}`];
  return { bench, ...nothing, p50: 0, p95: 0, p99: 0, conditions: why, missed };
}
