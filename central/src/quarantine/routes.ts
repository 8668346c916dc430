/** One call for all that is set aside, wherever it lies: the edge replays its own first, then the centre. */
import { problemOf } from "@regulars/shared/problem";
import { type Replay, type ReplayAnswer, replaySchema } from "@regulars/shared/quarantine";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Intake } from "../intake/intake.ts";
import { parseRequest, Refused } from "../problem-answer.ts";

/** The edge's part. Throws when the edge cannot be reached, or does not know the request. */
export type ReplayAtEdge = (replay: Replay) => Promise<ReplayAnswer>;

export interface QuarantineDeps {
  readonly intake: Pick<Intake, "replay">;
  readonly replayAtEdge: ReplayAtEdge;
  readonly onError: (error: unknown) => void;
}

const REQUEST_BYTES = 4_096;
const EDGE = "edge/";

export function quarantineRoutes(deps: QuarantineDeps): Hono {
  const routes = new Hono();
  routes.post("/replay", bodyLimit({ maxSize: REQUEST_BYTES, onError: refuseSize }), async (c) => {
    const replay = parseRequest(replaySchema, parseJson(await c.req.text()));
    return c.json(await replayEverywhere(deps, replay));
  });
  return routes;
}

function refuseSize(): never {
  throw new Refused("too_large");
}

/** What the edge has let go arrives by itself, so nothing here waits for it. */
async function replayEverywhere(deps: QuarantineDeps, replay: Replay): Promise<object> {
  const { after, ...filter } = replay;
  if (after !== undefined && !after.startsWith(EDGE)) return replayHere(deps, replay);
  const at = after === undefined || after === EDGE ? {} : { after: after.slice(EDGE.length) };
  const edge = await deps.replayAtEdge({ ...filter, ...at }).catch((error: unknown) => {
    deps.onError(error);
    return null;
  });
  if (edge?.more) return { ...edge, next: `${EDGE}${edge.next ?? ""}` };
  const here = await replayHere(deps, filter);
  if (!edge) return { ...here, edge: "unreachable" };
  return { ...here, replayed: here.replayed + edge.replayed, kept: here.kept + edge.kept };
}

async function replayHere({ intake }: QuarantineDeps, replay: Replay): Promise<ReplayAnswer> {
  const answer = await intake.replay(replay);
  if (answer) return answer;
  const errors = [{ field: "after", reason: "is not of an answer" }];
  throw new Refused(problemOf("invalid_field", { errors }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refused("malformed_json");
  }
}
