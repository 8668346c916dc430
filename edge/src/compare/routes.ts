/** Routes by which the centre compares what both sides hold, and has mended what differs (GLD2). */
import {
  compareJournalSchema,
  compareProfilesSchema,
  mendSchema,
} from "@regulars/shared/compare/messages";
import { problemOf } from "@regulars/shared/problem";
import { Hono } from "hono";
import { permit, type PermittedEnv } from "../access/permit.ts";
import { messageResponse } from "../json-response.ts";
import { problemResponse } from "../problem-response.ts";
import { readBody } from "../read-body.ts";
import { compareJournal, compareProfiles, mendProfiles } from "./compare.ts";

export const compareRoutes = new Hono<PermittedEnv>()
  .post("/profiles", permit("compare"), async ({ env, req }) => {
    const body = await readBody(req.raw, compareProfilesSchema);
    if (!body.ok) return problemResponse(body.reason);
    const answer = await compareProfiles(env, body.value);
    const errors = [{ field: "shard", reason: "is not one of this edge" }];
    return answer
      ? messageResponse(answer)
      : problemResponse(problemOf("invalid_field", { errors }));
  })
  .post("/mend", permit("compare"), async ({ env, req }) => {
    const body = await readBody(req.raw, mendSchema);
    return body.ok
      ? messageResponse(await mendProfiles(env, body.value))
      : problemResponse(body.reason);
  })
  .post("/journal", permit("compare"), async ({ env, req }) => {
    const body = await readBody(req.raw, compareJournalSchema);
    return body.ok
      ? messageResponse(await compareJournal(env, body.value))
      : problemResponse(body.reason);
  });
