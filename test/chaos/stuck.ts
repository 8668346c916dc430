/** Tills that do not come to rest, and where they stand: what is needed to find out why, when the run cannot be had again. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { EpochStanding } from "../../local/system/agent-client.ts";
import type { Till, Town } from "./town.ts";

const QUIET_WITHIN_MS = 180_000;
const ASKED_WITHIN_MS = 5_000;

/**
 * Tills with events that are not golden, when time is up; none as soon as all of them are.
 *
 * A copy that was enrolled in another store has taken the till's name there, and the original is shut out with what it has
 * sold since (SEC1). When nobody else has anything left, the office does what its till asks for, for one such till after the other.
 */
export async function untilQuiet(town: Town): Promise<string[]> {
  const endMs = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const standings = await Promise.all(town.tills.map(async (till) => standingOf(till)));
    const waiting = standings.filter((each) => each !== null);
    if (waiting.length === 0 || Date.now() > endMs) return waiting.map(({ words }) => words);
    const [shutOut] = waiting;
    if (shutOut && waiting.every(({ isShutOut }) => isShutOut)) await town.letIn(shutOut.till);
    else await wait(500);
  }
}

/** What the edge says of itself, and the last words of every part. */
export async function surroundingsOf(town: Town): Promise<string[]> {
  return [`the edge: ${await edgeSays(town)}`, ...logsOf(town)];
}

interface Standing {
  readonly till: Till;
  readonly words: string;
  readonly isShutOut: boolean;
}

/** What a till says that needs a code from the office. */
const SHUT_OUT = new Set(["not_enrolled", "bad_code"]);

/** Null when all of it is golden. */
async function standingOf(till: Till): Promise<Standing | null> {
  const { name, pos } = till;
  const status = await pos.client.status().catch(() => null);
  if (!status) return { till, words: `${name} does not answer`, isShutOut: false };
  const missing = status.total.captured - status.total.golden;
  if (missing === 0) return null;
  const { state, since } = status.edge;
  const epochs = [...status.closed, status].map((epoch) => epochText(epoch)).join(", ");
  const words = `${name}: ${missing} not golden; edge ${state} since ${since}; ${epochs}`;
  return { till, words, isShutOut: SHUT_OUT.has(state) };
}

const epochText = ({ epoch, captured, accepted, merged, golden }: EpochStanding): string =>
  `epoch ${epoch}: ${captured} captured, ${accepted} accepted, ${merged} merged, ${golden} golden`;

async function edgeSays({ edgeUrl, secrets }: Town): Promise<string> {
  try {
    const response = await fetch(`${edgeUrl}/v1/status`, {
      headers: { authorization: `Bearer ${secrets.centralToken}` },
      signal: AbortSignal.timeout(ASKED_WITHIN_MS),
    });
    return await response.text();
  } catch (error) {
    return String(error);
  }
}

const LAST_LINES = 5;

/** The last words of each part that has said anything. */
function logsOf({ folder }: Town): string[] {
  const logs = join(folder, "logs");
  return readdirSync(logs).flatMap((file) => {
    const lines = readFileSync(join(logs, file), "utf8").trimEnd().split("\n");
    const said = lines.slice(-LAST_LINES).join("\n");
    return said === "" ? [] : [`${file}: ${said}`];
  });
}
