/** Tills, let in and shut out from head office: passed on to the edge, which decides who is one. A person's alone. */
import { problemSchema } from "@regulars/shared/problem";
import { sourceIdSchema, storeIdSchema } from "@regulars/shared/ids";
import { Hono } from "hono";
import { z } from "zod";
import { answerProblem, parseRequest, readJson, Refused } from "../problem-answer.ts";

export interface EdgeAnswer {
  readonly status: number;
  /** Null where there is no body. */
  readonly json: unknown;
}

/** Rejects when the edge cannot be reached. */
export type AskEdge = (
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
) => Promise<EdgeAnswer>;

const enrolmentSchema = z.object({ source: sourceIdSchema, store: storeIdSchema });

export function tillRoutes(askEdge: AskEdge): Hono {
  const pass = async (...asked: Parameters<AskEdge>): Promise<Response> => {
    const answer = await askEdge(...asked).catch(() => {
      throw new Refused("unreachable");
    });
    if (answer.status === 204) return new Response(null, { status: 204 });
    if (answer.status < 400) return Response.json(answer.json, { status: answer.status });
    const problem = problemSchema.safeParse(answer.json);
    // That the edge does not know us is between the two of us.
    const isOurs = answer.status === 401 || answer.status === 403 || !problem.success;
    return isOurs ? answerProblem(new Refused("unreachable").problem) : answerProblem(problem.data);
  };
  const app = new Hono();
  app.get("/", () => pass("GET", "/v1/tills"));
  app.post("/enrolments", async (c) =>
    pass("POST", "/v1/tills/enrolments", parseRequest(enrolmentSchema, await readJson(c))),
  );
  app.delete("/:source", (c) =>
    pass("DELETE", `/v1/tills/${parseRequest(sourceIdSchema, c.req.param("source"))}`),
  );
  return app;
}
