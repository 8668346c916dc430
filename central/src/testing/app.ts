/** The centre's app on a libSQL file, with the requests that tests make of it. */
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import type { ReplayAnswer } from "@regulars/shared/quarantine";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { createApp } from "../app.ts";
import { createIntake } from "../intake/intake.ts";
import { createRunner } from "../policy/runner.ts";
import type { ReplayAtEdge } from "../quarantine/routes.ts";
import { createAnewRunner } from "../resolve/anew-runner.ts";
import type { AskEdge } from "../tills/routes.ts";
import { createEdgeWatch } from "../watch/edge-watch.ts";
import { openFile } from "./database.ts";
import { PEPPER } from "./till.ts";
import { MATCHING } from "./matching.ts";

export const IDENTITY = { pepper: PEPPER, country: "GB" };
export const EDGE = { authorization: "Bearer central-token" };
export const PERSON = { authorization: `Basic ${btoa("console:pass word")}` };

/** Noon of the day on which the tills of the tests sell. */
const nowMs = (): number => Date.UTC(2026, 10, 21, 12);

const pause = (): Promise<void> => Promise.resolve();

/** The edge of most tests has nothing in quarantine. */
const NOTHING: ReplayAnswer = { replayed: 0, kept: 0, more: false };

export interface TestEdge {
  readonly replayAtEdge?: ReplayAtEdge;
  readonly askEdge?: AskEdge;
}

export async function openTestApp({
  replayAtEdge = () => Promise.resolve(NOTHING),
  askEdge = () => Promise.reject(new Error("the edge of most tests is away")),
}: TestEdge = {}) {
  const database = await openFile();
  const { storage } = database;
  const errors: unknown[] = [];
  const intake = createIntake({
    storage,
    policy: DEFAULT_POLICY,
    matching: MATCHING,
    nowMs,
    onTaken: () => {},
  });
  const background = {
    storage,
    intake,
    nowMs,
    pause,
    later: () => () => {},
    onWritten: () => {},
    onFailure: (error: unknown) => errors.push(error),
  };
  const runner = createRunner(background);
  const anew = createAnewRunner(background);
  const edgeWatch = createEdgeWatch({ askEdge, nowMs, later: () => () => {} });
  const app = createApp({
    storage,
    intake,
    pause,
    onPolicy: () => void runner.kick(),
    onMatching: () => void anew.kick(),
    onDecided: () => {},
    replayAtEdge,
    askEdge,
    edgeWatch,
    identity: IDENTITY,
    nowMs,
    centralToken: "central-token",
    consolePassword: "pass word",
    onError: (error) => errors.push(error),
  });
  return {
    storage,
    /** What no request may cause. */
    errors,
    app,
    get: (path: string, headers: Record<string, string> = EDGE) => app.request(path, { headers }),
    /** With the digest of the body, as the edge sends it. */
    post: async (path: string, message: unknown, headers: Record<string, string> = EDGE) => {
      const body = typeof message === "string" ? message : JSON.stringify(message);
      const digest = { [CONTENT_DIGEST]: await contentDigestOf(body) };
      return app.request(path, { method: "POST", headers: { ...digest, ...headers }, body });
    },
    find: (typed: string) =>
      app.request("/find", {
        method: "POST",
        headers: { ...PERSON, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ "known-by": typed }).toString(),
      }),
    /** Resolved when the edge was asked how its stores stand. */
    looked: () => edgeWatch.look(),
    /** Resolved when golden records are by the policy in force. */
    settled: () => runner.kick(),
    /** Resolved when everybody is resolved by the rules in force. */
    resolved: () => anew.kick(),
    close: () => database.close(),
  };
}

export type TestApp = Awaited<ReturnType<typeof openTestApp>>;
