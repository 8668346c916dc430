/** How each part of the system is started. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Secrets } from "./secrets.ts";
import type { Program } from "./supervise.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** For the centre, whose pages are written in JSX. */
export const LOAD_PAGES = `--import=${pathToFileURL(join(ROOT, "central/load-pages.ts")).href}`;

/** Where the shops stand. */
export interface Place {
  readonly zone: string;
  readonly country: string;
  readonly currency: string;
}

interface Plan {
  readonly folder: string;
  readonly place: Place;
  readonly centrePort: number;
  readonly database?: string;
  readonly edgePort: number;
  /** Settings of the edge that are not those of wrangler.toml. */
  readonly edgeSettings?: Readonly<Record<string, string>>;
  /** Settings of the centre beside its secrets, such as where alerts go. */
  readonly centreSettings?: Readonly<Record<string, string>>;
  readonly logLevel?: string;
}

/**
 * Left alone, V8 lets garbage gather by the hundred megabytes before it looks, times fourteen processes here. What is alive is
 * marked by its helper threads alone: as tasks of the main thread, all steps of it come in one run, and whoever waits for an
 * answer waits 15 to 20 ms longer every second or so.
 */
export const THRIFT = [
  "--max-semi-space-size=4",
  "--max-old-space-size=192",
  "--no-incremental-marking-task",
];

/** A till's has twice the room for what is needed for one answer alone: half as often does anybody wait for the collector. */
export const TILL_THRIFT = [...THRIFT, "--max-semi-space-size=8"];

/** Compiled code is kept between starts: a part that was killed is back in half the time. */
export const QUICK_START = { NODE_COMPILE_CACHE: join(ROOT, ".regulars", "compile-cache") };

export function centreProgram(plan: Plan, secrets: Secrets, edgeUrl: string): Program {
  const file = pathToFileURL(join(folderOf(plan, "centre"), "centre.db")).href;
  const database = plan.database ?? file;
  return {
    name: "the centre",
    kind: "centre",
    // On one machine head office yields to the shops: what it does can wait a moment, a profile that is asked for cannot. But it
    // has its part beside each till: behind all of them, it would begin when they are done.
    nice: 10,
    args: [
      ...THRIFT,
      LOAD_PAGES,
      join(ROOT, "central/src/main.ts"),
      `--database=${database}`,
      `--port=${plan.centrePort}`,
      `--edge=${edgeUrl}`,
      `--country=${plan.place.country}`,
      `--log-level=${plan.logLevel ?? "warn"}`,
    ],
    env: {
      ...QUICK_START,
      ...plan.centreSettings,
      REGULARS_PEPPER: secrets.pepper,
      REGULARS_CENTRAL_TOKEN: secrets.centralToken,
      REGULARS_CONSOLE_PASSWORD: secrets.consolePassword,
    },
    logBase: join(plan.folder, "logs", "centre"),
  };
}

export function edgeProgram(plan: Plan, secrets: Secrets, centreUrl: string): Program {
  return {
    name: "the edge",
    kind: "edge",
    args: [
      ...THRIFT,
      join(ROOT, "edge/self-hosted/serve.ts"),
      `--data=${folderOf(plan, "edge")}`,
      `--port=${plan.edgePort}`,
      `--central=${centreUrl}`,
    ],
    env: {
      ...QUICK_START,
      ...plan.edgeSettings,
      REGULARS_PEPPER: secrets.pepper,
      REGULARS_CENTRAL_TOKEN: secrets.centralToken,
      REGULARS_EDGE_SECRET: secrets.edgeSecret,
    },
    logBase: join(plan.folder, "logs", "edge"),
  };
}

export function agentProgram(
  plan: Plan,
  agent: { readonly source: string; readonly store: string; readonly port: number },
  secrets: Secrets,
  edgeUrl: string,
  /** Null for a till that is enrolled. */
  code: string | null,
): Program {
  const { zone, country, currency } = plan.place;
  return {
    name: agent.source,
    kind: "agent",
    // Many tills and one edge share this machine's cores. Served in turn, the edge would get one part in fifteen, and
    // everybody would wait for it.
    nice: 10,
    args: [
      ...TILL_THRIFT,
      join(ROOT, "store-agent/src/main.ts"),
      `--data=${folderOf(plan, agent.source)}`,
      `--source=${agent.source}`,
      `--store=${agent.store}`,
      `--edge=${edgeUrl}`,
      `--port=${agent.port}`,
      `--zone=${zone}`,
      `--country=${country}`,
      `--currency=${currency}`,
      `--log-level=${plan.logLevel ?? "warn"}`,
    ],
    env: {
      ...QUICK_START,
      REGULARS_PEPPER: secrets.pepper,
      ...(code === null ? {} : { REGULARS_ENROLMENT_CODE: code }),
      REGULARS_LOCAL_TOKEN: secrets.localToken,
    },
    logBase: join(plan.folder, "logs", agent.source),
  };
}

function folderOf(plan: Plan, name: string): string {
  const folder = join(plan.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
