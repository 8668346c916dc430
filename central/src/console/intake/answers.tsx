/** @jsxImportSource hono/jsx */
// What the routes of the intake desk share: what they work with, and what they say where the edge is away.
import type { Storage } from "@regulars/shared/storage/port";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { EdgeAway, type EdgeDesk } from "../../desk/edge-desk.ts";
import type { Intake } from "../../intake/intake.ts";
import { Refused } from "../../problem-answer.ts";
import type { AskEdge } from "../../tills/routes.ts";
import { type ConsoleEnv, pageOf } from "../environment.ts";
import { AwayPage } from "./cause-page.tsx";

export interface IntakePagesDeps {
  readonly storage: Storage;
  readonly intake: Pick<Intake, "replay">;
  readonly askEdge: AskEdge;
  readonly nowMs: () => number;
  /** A replay waits to be done. */
  readonly onReplay: () => void;
}

/** What the routes of this place share. */
export interface IntakeRoutesDeps extends IntakePagesDeps {
  readonly desk: EdgeDesk;
}

const FORM_BYTES = 4 * 1024;
export const limited = (maxSize = FORM_BYTES) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Refused("too_large");
    },
  });

/** Null where the edge is away: said in words by the page. */
export function orAway(error: unknown): null {
  if (error instanceof EdgeAway) return null;
  throw error;
}
export const away = (c: Context<ConsoleEnv>) => c.html(<AwayPage page={pageOf(c)} />, 503);
