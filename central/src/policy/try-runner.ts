/** One page of the policy that is being tried: what it finds stands in the write of how far it is. */
import { claimFieldSchema } from "@regulars/shared/events/claim";
import type { Storage } from "@regulars/shared/storage/port";
import { policySchema } from "@regulars/shared/survivorship/policy";
import { z } from "zod";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import type { Intake } from "../intake/intake.ts";
import { matchingPolicySchema } from "../matching/policy.ts";
import { breachesOf } from "../quality/breaches.ts";
import { standingQualityPolicy } from "../quality/policies.ts";
import { qualityPolicySchema } from "../quality/policy.ts";
import { readSeries } from "../quality/series.ts";
import { matchingDryRunPage, NO_MATCHING_TALLY } from "../resolve/dry-run.ts";
import { createMatchingContext, type MatchingContext } from "../resolve/matching-context.ts";
import { dryRunPage, NOTHING_FOUND } from "./dry-run.ts";
import { type PolicyTry, progressStatement, readTries, runningTry, type TryProgress } from "./tries.ts"; // prettier-ignore

/** Enough to see what it does. Kept without values, which are read when somebody looks who may see them (SEC2). */
const SAMPLES = 20;

const stateSchema = z.object({ event: z.string(), rule: z.string() }).nullable();
export const survivorshipTallySchema = z.object({
  customers: z.int(),
  changed: z.int(),
  fields: z.partialRecord(claimFieldSchema, z.object({ values: z.int(), lineage: z.int() })),
  samples: z.array(
    z.object({
      customer: z.string(),
      field: claimFieldSchema,
      before: stateSchema,
      after: stateSchema,
    }),
  ),
});
export const matchingTallySchema = z.object({
  records: z.int(),
  joined: z.int(),
  parted: z.int(),
  samples: z.array(
    z.object({
      change: z.enum(["joined", "parted"]),
      customers: z.array(z.string()),
      records: z.array(z.string()),
    }),
  ),
});
const breachSchema = z.object({
  measure: z.enum(["accepted", "completeness", "drift", "potential", "merges", "twice"]),
  part: z.string(),
  day: z.string(),
  value: z.number(),
  limit: z.number(),
  count: z.number(),
  of: z.number(),
  distance: z.number().nullable(),
});
export const qualityTallySchema = z.object({
  before: z.array(breachSchema),
  after: z.array(breachSchema),
});

export interface TryRunnerDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone">;
  readonly nowMs: () => number;
}

export function createTryRunner(deps: TryRunnerDeps): Background {
  const { storage, intake, nowMs } = deps;
  // What was prepared of units is kept from page to page, as long as it is the same policy.
  let prepared: { readonly n: number; readonly context: MatchingContext } | null = null;

  async function pageOf(each: PolicyTry): Promise<TryProgress> {
    switch (each.kind) {
      case "survivorship": {
        const tally = each.done === 0 ? NOTHING_FOUND : survivorshipTallySchema.parse(each.tally);
        const policy = policySchema.parse(each.policy);
        const at = { after: each.cursor, tally };
        const page = await dryRunPage(storage, policy, at, { samples: SAMPLES, values: false });
        return progressOf(page, page.tally.customers);
      }
      case "matching": {
        const tally = each.done === 0 ? NO_MATCHING_TALLY : matchingTallySchema.parse(each.tally);
        const page = await intake.alone(async ({ matching }) => {
          if (prepared?.n !== each.n) {
            const policy = matchingPolicySchema.parse(each.policy);
            prepared = { n: each.n, context: createMatchingContext({ ...matching, policy }) };
          }
          const at = { after: each.cursor, tally };
          const options = { samples: SAMPLES, nowMs: nowMs() };
          return matchingDryRunPage(storage, prepared.context, at, options);
        });
        return progressOf(page, page.tally.records);
      }
      case "quality": {
        const series = await readSeries(storage, nowMs());
        const standing = await standingQualityPolicy(storage);
        const tally = {
          before: breachesOf(series, standing.policy),
          after: breachesOf(series, qualityPolicySchema.parse(each.policy)),
        };
        return { cursor: "", done: each.total, tally, finishedMs: nowMs() };
      }
    }
  }

  const progressOf = (
    page: { readonly last: string; readonly isMore: boolean; readonly tally: object },
    done: number,
  ): TryProgress => ({
    cursor: page.last,
    done,
    tally: page.tally,
    finishedMs: page.isMore ? null : nowMs(),
  });

  return createBackground(async () => {
    const [running] = await readTries(storage, runningTry());
    if (!running) {
      prepared = null;
      return false;
    }
    await storage.write([progressStatement(running.n, await pageOf(running))]);
    return true;
  }, deps);
}
