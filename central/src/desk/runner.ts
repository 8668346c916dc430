/** Keeps replays of all that failed alike going in the background. */
import { LIMITS } from "@regulars/shared/limits";
import type { Storage } from "@regulars/shared/storage/port";
import { type Background, type BackgroundDeps, createBackground } from "../background.ts";
import type { Intake } from "../intake/intake.ts";
import type { AskEdge } from "../tills/routes.ts";
import { createEdgeDesk, EdgeAway, isOfCause } from "./edge-desk.ts";
import { type DeskJob, type JobAsk, type JobPage, jobStatement, readJobs, runningJob, waitStatement } from "./jobs.ts"; // prettier-ignore

export interface DeskRunnerDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "replay">;
  readonly askEdge: AskEdge;
  readonly nowMs: () => number;
}

const DONE: JobPage = { next: null, replayed: 0, kept: 0, reasons: {}, isDone: true };
/** Before a place of the centre's own there are those of the edge. */
const AT_EDGE = "edge/";

export function createDeskRunner(deps: DeskRunnerDeps): Background {
  const { storage, intake, askEdge, nowMs, later } = deps;
  const desk = createEdgeDesk(askEdge);

  const background = createBackground(async () => {
    const [job] = await readJobs(storage, runningJob());
    if (!job) return false;
    const page = await pageOf(job).catch((error: unknown) => {
      if (error instanceof EdgeAway) return null;
      throw error;
    });
    if (page) {
      await storage.write([jobStatement(job, page, nowMs())]);
      return true;
    }
    await storage.write([waitStatement(job.n, nowMs())]);
    later(LIMITS.deskRetryMs, () => void background.kick());
    return false;
  }, deps);

  const pageOf = ({ ask, next }: DeskJob): Promise<JobPage> =>
    ask.at === "edge" ? edgePage(ask, next) : herePage(ask, next);

  async function edgePage(
    { cause, approve }: Extract<JobAsk, { at: "edge" }>,
    next: string | null,
  ): Promise<JobPage> {
    // By one that fails now: the one of the page before may have taken effect, and names nothing any more.
    const group = (await desk.groups()).find((each) => isOfCause(each, cause));
    if (!group) return DONE;
    const answer = await desk.replay({
      like: group.like,
      ...(approve ? { approve } : {}),
      ...(next === null ? {} : { next: Number(next) }),
    });
    if (!answer) return DONE;
    const { replayed, kept, reasons, more } = answer;
    return { next: answer.next === null ? null : String(answer.next), replayed, kept, reasons, isDone: !more }; // prettier-ignore
  }

  /** The edge first, whatever it holds: what it lets go arrives by itself. Then the centre's own, of this reason alone. */
  async function herePage(
    { cause }: Extract<JobAsk, { at: "here" }>,
    next: string | null,
  ): Promise<JobPage> {
    const isAtEdge = cause.of === "event" && (next === null || next.startsWith(AT_EDGE));
    if (isAtEdge) {
      const after = next === null || next === AT_EDGE ? {} : { after: next.slice(AT_EDGE.length) };
      const answer = await desk.replayQuarantine(after);
      const nextAtEdge = answer.more ? `${AT_EDGE}${answer.next ?? ""}` : "here";
      return { next: nextAtEdge, replayed: answer.replayed, kept: 0, reasons: {}, isDone: false };
    }
    const first = cause.of === "letter" ? { after: "letter/0" } : {};
    const isFirst = next === null || next === "here";
    const answer = await intake.replay(isFirst ? first : { after: next }, cause.code);
    if (!answer) return DONE;
    return {
      next: answer.next ?? null,
      replayed: answer.replayed,
      kept: answer.kept,
      reasons: answer.kept > 0 ? { [cause.code]: answer.kept } : {},
      isDone: !answer.more,
    };
  }

  return background;
}
