/** Policies over HTTP: what is in force, what a new one would change, and its publication. */
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import type { Storage } from "@regulars/shared/storage/port";
import { policySchema } from "@regulars/shared/survivorship/policy";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { z } from "zod";
import type { Intake } from "../intake/intake.ts";
import { parseRequest, Refused } from "../problem-answer.ts";
import { dryRun } from "./dry-run.ts";
import { readPolicy, standingPolicy } from "./policies.ts";
import { publishPolicy } from "./publish-policy.ts";
import { readProgress } from "./run.ts";

export interface PolicyDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "alone" | "use">;
  readonly nowMs: () => number;
  /** Lets others have their turn. */
  readonly pause: () => Promise<void>;
  /** A policy is in force, and golden records wait to be recomputed by it. */
  readonly onPolicy: () => void;
}

const SAMPLES = 10;

const publishSchema = z.object({ policy: policySchema, by: z.string().trim().min(1).max(64) });
const trySchema = z.object({ policy: policySchema });
const tryQuery = z.object({
  samples: z.coerce.number().int().min(0).max(LIMITS.dryRunSamples).default(SAMPLES),
  values: z.literal("1").optional(),
});
const versionSchema = z.coerce.number().int().min(1);

export function policyRoutes({ storage, intake, nowMs, pause, onPolicy }: PolicyDeps): Hono {
  const routes = new Hono();
  const limit = bodyLimit({
    maxSize: LIMITS.policyBytes,
    onError: () => {
      throw new Refused("too_large");
    },
  });

  routes.get("/", async (c) => c.json(await standingPolicy(storage)));

  routes.post("/", limit, async (c) => {
    const { policy, by } = parseRequest(publishSchema, await readJson(c));
    const published = await intake.alone(async () => {
      const publication = await publishPolicy(storage, policy, by, nowMs());
      if (publication.ok) intake.use(policy);
      return publication;
    });
    if (!published.ok) {
      const detail = `The next version is ${published.nextVersion}.`;
      throw new Refused(problemOf("conflict", { detail }));
    }
    onPolicy();
    return c.json({ version: policy.version }, published.isNew ? 201 : 200);
  });

  routes.post("/dry-run", limit, async (c) => {
    const { policy } = parseRequest(trySchema, await readJson(c));
    const { samples, values } = parseRequest(tryQuery, c.req.query());
    return c.json(await dryRun(storage, policy, { samples, values: values === "1", pause }));
  });

  routes.get("/progress", async (c) => {
    const progress = await readProgress(storage);
    return c.json({ progress });
  });

  routes.get("/:version", async (c) => {
    const version = versionSchema.safeParse(c.req.param("version"));
    const policy = version.success ? await readPolicy(storage, version.data) : null;
    if (!policy) throw new Refused("unknown_version");
    return c.json(policy);
  });

  return routes;
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused("malformed_json");
  }
}
