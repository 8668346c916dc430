/** Calls to the edge: patient while it is away or busy, and clear when it says no. */
import { setTimeout as sleep } from "node:timers/promises";
import { backoffMs } from "@regulars/shared/backoff";
import { problemSchema } from "@regulars/shared/problem";
import { CommandFailure } from "../command.ts";

export interface EdgeClient {
  get(path: string): Promise<Answer>;
  /** Newline-delimited JSON. */
  post(path: string, lines: string): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
}

export interface Patience {
  /** Failures in a row before it gives up. */
  readonly attempts: number;
  readonly maxMs: number;
  readonly random: () => number;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Says that it waits, and why. */
  readonly say: (line: string) => void;
}

/** About two minutes altogether: an edge that is being restarted is back by then. */
export const PATIENCE: Patience = {
  attempts: 12,
  maxMs: 20_000,
  random: Math.random,
  wait: sleep,
  say: () => undefined,
};

const timeoutMs = 60_000;
/** Whoever asks for more means something else than to come again soon. */
const retryAfterMaxMs = 120_000;

export function createEdgeClient(edge: string, key: string, patience: Patience): EdgeClient {
  const headers = { authorization: `Bearer ${key}` };
  const call = (path: string, init: RequestInit) => patiently(`${edge}${path}`, init, patience);
  return {
    get: (path) => call(path, { headers }),
    post: (path, lines) =>
      call(path, {
        method: "POST",
        headers: { ...headers, "content-type": "application/x-ndjson" },
        body: lines,
      }),
  };
}

async function patiently(url: string, init: RequestInit, patience: Patience): Promise<Answer> {
  const { origin } = new URL(url);
  for (let failures = 1; ; failures++) {
    const response = await attempt(url, init);
    if (response !== null && !isAway(response.status)) return answerOf(response);
    const status = response === null ? "it does not answer" : `it answers ${response.status}`;
    if (failures >= patience.attempts) {
      throw new CommandFailure(
        `The edge at ${origin} cannot be reached (${status}). Run the same command again once it is back: it goes on from here.`,
      );
    }
    const asked = retryAfterMs(response);
    if (failures === 3) patience.say(`The edge at ${origin} is busy or away (${status}); waiting.`);
    await response?.body?.cancel();
    await patience.wait(asked ?? backoffMs(failures, patience.random, patience.maxMs));
  }
}

const isAway = (status: number): boolean => status === 429 || status >= 500;

async function attempt(url: string, init: RequestInit): Promise<Response | null> {
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  } catch {
    return null; // no connection, or a connection that broke
  }
}

/** Null where it does not say. */
function retryAfterMs(response: Response | null): number | null {
  const text = response?.headers.get("retry-after") ?? "";
  if (!/^\d{1,6}$/.test(text)) return null;
  return Math.min(Number(text) * 1_000, retryAfterMaxMs);
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return { status: response.status, json: JSON.parse(text) };
  } catch {
    return { status: response.status, json: undefined };
  }
}

/** What the edge says about its refusal, if it says it in the form of a problem. */
export function refusalOf({ status, json }: Answer): CommandFailure {
  if (status === 401) return new CommandFailure("The edge does not accept this key.");
  if (status === 403) {
    return new CommandFailure(
      "This key may not import: it needs the scope `events` of the account.",
    );
  }
  const problem = problemSchema.safeParse(json);
  const said = problem.success
    ? `: ${[problem.data.title, problem.data.detail].filter(Boolean).join("; ")}`
    : "";
  return new CommandFailure(`The edge refuses what it is sent (${status})${said}.`);
}
