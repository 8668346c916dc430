/** The centre's app on a libSQL file, with the requests that tests make of it. */
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import type { ReplayAnswer } from "@regulars/shared/quarantine";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import type { Hono } from "hono";
import { randomBytes } from "node:crypto";
import type { Role } from "@regulars/shared/access/roles";
import type { Way } from "../alerts/ways.ts";
import type { Provider, ProviderFailure } from "../access/provider.ts";
import { createApp } from "../app.ts";
import { createDeskRunner } from "../desk/runner.ts";
import { createIntake, type Intake } from "../intake/intake.ts";
import { createRunner, type RunnerDeps } from "../policy/runner.ts";
import { createChecker } from "../reconcile/checker.ts";
import { createTryRunner } from "../policy/try-runner.ts";
import { createQualityKeeper } from "../quality/keeper.ts";
import type { ReplayAtEdge } from "../quarantine/routes.ts";
import { createAnewRunner } from "../resolve/anew-runner.ts";
import type { AskEdge } from "../tills/routes.ts";
import { createEdgeWatch } from "../watch/edge-watch.ts";
import { visit, type Visitor } from "./visitor.ts";
import { openFile } from "./database.ts";
import { PEPPER } from "./till.ts";
import { MATCHING } from "./matching.ts";

export const IDENTITY = { pepper: PEPPER, country: "GB" };
/** Of the account `console`. */
export const PASSWORD = "pass word";
export const EDGE = { authorization: "Bearer central-token" };
/** A program that has the console's password: for /v1. Pages are for people who have signed in: `signIn`, `page`. */
export const PERSON = { authorization: `Basic ${btoa(`console:${PASSWORD}`)}` };

/** Noon of the day on which the tills of the tests sell. */
export const NOON_MS = Date.UTC(2026, 10, 21, 12);

const drawSecret = (): string => randomBytes(32).toString("base64url");

/** When all that was marked at `nowMs` is due. */
const CHECKED_AFTER_MS = LIMITS.checkGapMs;

/** As random as tests need it. */
let ids = 0;
const newId = (): string => `id-${(ids += 1)}`;

const pause = (): Promise<void> => Promise.resolve();

/** The edge of most tests has nothing in quarantine. */
const NOTHING: ReplayAnswer = { replayed: 0, kept: 0, more: false };

export interface TestOptions {
  readonly provider?: Provider | null;
  /** Where people find the console. */
  readonly origin?: string | null;
  /** A clock that a test moves. */
  readonly nowMs?: () => number;
  readonly ways?: readonly Way[];
  readonly replayAtEdge?: ReplayAtEdge;
  readonly askEdge?: AskEdge;
}

export async function openTestApp({
  replayAtEdge = () => Promise.resolve(NOTHING),
  askEdge = () => Promise.reject(new Error("the edge of most tests is away")),
  provider = null,
  origin = null,
  nowMs = () => NOON_MS,
  ways = [],
}: TestOptions = {}) {
  const database = await openFile();
  const { storage } = database;
  const errors: unknown[] = [];
  const failures: { reason: ProviderFailure; code: string }[] = [];
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
  const runners = createRunners(background, askEdge);
  const edgeWatch = createEdgeWatch({ askEdge, nowMs, later: () => () => {} });
  const app = createApp({
    storage,
    intake,
    pause,
    ...kicksOf(runners),
    onDecided: () => {},
    replayAtEdge,
    askEdge,
    edgeWatch,
    identity: IDENTITY,
    nowMs,
    newId,
    centralTokens: ["central-token", "central-token-before"],
    consolePassword: PASSWORD,
    consoleOrigin: origin,
    drawSecret,
    ways,
    provider,
    onProviderFailure: ({ reason, code }) => failures.push({ reason, code }),
    onError: (error) => errors.push(error),
  });
  const signIn = (...roles: readonly Role[]) =>
    visit(app, { storage, roles, nowMs: nowMs(), drawSecret });
  return {
    storage,
    intake,
    nowMs,
    newId,
    /** What no request may cause. */
    errors,
    /** For after each test. */
    assertNoErrors: () => failOn(errors),
    /** What is told of the identity provider. */
    failures,
    app,
    ...requestsOf(app, signIn),
    /** Resolved when the edge was asked how its stores stand. */
    looked: () => edgeWatch.look(),
    ...settledBy(runners),
    close: () => database.close(),
  };
}

/** What goes on in the background of the process; here it goes on when a test says so. */
function createRunners(background: RunnerDeps & { readonly intake: Intake }, askEdge: AskEdge) {
  return {
    runner: createRunner(background),
    anew: createAnewRunner(background),
    checker: createChecker({
      ...background,
      nowMs: () => background.nowMs() + CHECKED_AFTER_MS,
      wait: pause,
    }),
    tries: createTryRunner(background),
    replays: createDeskRunner({ ...background, askEdge }),
    quality: createQualityKeeper({ ...background, askEdge }),
  };
}

type Runners = ReturnType<typeof createRunners>;

const kicksOf = ({ runner, anew, checker, tries, replays }: Runners) => ({
  onPolicy: () => void runner.kick(),
  onMatching: () => void anew.kick(),
  onReplay: () => void replays.kick(),
  onTry: () => void tries.kick(),
  onMarked: () => void checker.kick(),
});

const settledBy = (runners: Runners) => ({
  /** Resolved when golden records are by the policy in force. */
  settled: () => runners.runner.kick(),
  /** Resolved when all store-days are checked with what is here. */
  checked: () => runners.checker.kick(),
  /** Resolved when everybody is resolved by the rules in force. */
  resolved: () => runners.anew.kick(),
  /** Resolved when every replay is done, or waits for the edge. */
  replayed: () => runners.replays.kick(),
  /** Resolved when it is known what every policy that was tried would change. */
  tried: () => runners.tries.kick(),
  /** Resolved when everything that is here is in the figures of data quality. */
  counted: () => runners.quality.kick(),
});

function failOn(errors: readonly unknown[]): void {
  if (errors.length > 0) throw new AggregateError(errors, "requests have failed");
}

function requestsOf(app: Hono, signIn: (...roles: readonly Role[]) => Promise<Visitor>) {
  return {
    get: async (path: string, headers: Record<string, string> = EDGE) =>
      app.request(path, { headers }),
    /** With the digest of the body, as the edge sends it. */
    post: async (path: string, message: unknown, headers: Record<string, string> = EDGE) => {
      const body = typeof message === "string" ? message : JSON.stringify(message);
      const digest = { [CONTENT_DIGEST]: contentDigestOf(body) };
      return app.request(path, { method: "POST", headers: { ...digest, ...headers }, body });
    },
    /** Somebody new with these roles, signed in. The database knows them until it is emptied. */
    signIn,
    /** A page as an admin sees it. */
    page: async (path: string) => (await signIn("admin")).get(path),
    find: async (typed: string) => (await signIn("admin")).post("/find", { "known-by": typed }),
  };
}

export type TestApp = Awaited<ReturnType<typeof openTestApp>>;
