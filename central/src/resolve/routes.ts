/** Resolution over HTTP: the feed of ids, the matching policy, and how far a resolution of everybody is. */
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import type { Storage } from "@regulars/shared/storage/port";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Intake } from "../intake/intake.ts";
import { matchingPolicySchema } from "../matching/policy.ts";
import { parseRequest, readJson, Refused } from "../problem-answer.ts";
import { prepareResolution, readAnewProgress } from "./anew.ts";
import { feedCursorSchema, readFeed } from "./feed.ts";
import { publishMatchingPolicy, standingMatchingPolicy } from "./matching-policies.ts";

export interface ResolutionDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone" | "match">;
  readonly nowMs: () => number;
  /** A policy is in force, and everybody waits to be resolved by it. */
  readonly onMatching: () => void;
}

const ROWS_MAX = 1_000;
const feedQuery = z.object({
  after: feedCursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(ROWS_MAX).default(ROWS_MAX),
});
const publishSchema = z.object({
  policy: matchingPolicySchema,
  by: z.string().trim().min(1).max(64),
});

export function resolutionRoutes(deps: ResolutionDeps): Hono {
  const { storage, intake, nowMs, onMatching } = deps;
  const routes = new Hono();

  routes.get("/feed", async (c) => {
    const { after, limit } = parseRequest(feedQuery, c.req.query());
    return c.json(await readFeed(storage, { after: after ?? null, limit }));
  });

  routes.get("/matching-policy", async (c) => c.json(await standingMatchingPolicy(storage)));

  routes.post("/matching-policy", limited(LIMITS.policyBytes), async (c) => {
    const { policy, by } = parseRequest(publishSchema, await readJson(c));
    const publication = await intake.alone(async ({ matching }) => {
      const published = await publishMatchingPolicy(storage, policy, by, nowMs());
      if (published.ok) {
        // In this task: nothing may arrive by the new policy before it is known that all others wait for it.
        await prepareResolution(storage, { ...matching, policy });
        intake.match(policy);
      }
      return published;
    });
    if (!publication.ok) {
      const detail = `The next version is ${publication.nextVersion}.`;
      throw new Refused(problemOf("conflict", { detail }));
    }
    onMatching();
    return c.json({ version: policy.version }, publication.isNew ? 201 : 200);
  });

  routes.get("/resolution", async (c) =>
    c.json(await intake.alone(({ matching }) => readAnewProgress(storage, matching))),
  );

  return routes;
}

export const limited = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Refused("too_large");
    },
  });
