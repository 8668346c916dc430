/** The whole system on this machine: centre, edge and agents, each a process, each agent with a wire of its own. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CommandFailure } from "../command.ts";
import { type AgentClient, createAgentClient } from "./agent-client.ts";
import { type CentreClient, createCentreClient } from "./centre-client.ts";
import { openEnrolments } from "./enrolments.ts";
import { isPortFree } from "./ports.ts";
import { agentProgram, centreProgram, edgeProgram, type Place } from "./programs.ts";
import type { Secrets } from "./secrets.ts";
import { type Program, type Supervised, supervise, type Watch } from "./supervise.ts";
import { openUplink, type Uplink } from "./uplink.ts";

export interface AgentPlan {
  readonly source: string;
  readonly store: string;
  readonly port: number;
  /** Where the agent believes the edge to be. */
  readonly uplinkPort: number;
}

export interface SystemPlan {
  /** Absolute: leftover processes are recognised by it. */
  readonly folder: string;
  readonly place: Place;
  readonly centrePort: number;
  /** A libSQL server for the centre; its own file in the folder if left out. */
  readonly database?: string;
  readonly edgePort: number;
  /** Settings of the edge that are not those of wrangler.toml. */
  readonly edgeSettings?: Readonly<Record<string, string>>;
  /** Settings of the centre beside its secrets, such as where alerts go. */
  readonly centreSettings?: Readonly<Record<string, string>>;
  /** Where the edge believes the centre to be, if not where it is. */
  readonly centreForEdge?: string;
  /** Of centre and agents; `warn` if left out. */
  readonly logLevel?: "warn" | "debug";
  readonly agents: readonly AgentPlan[];
}

export interface Agent extends AgentPlan {
  readonly url: string;
  readonly uplink: Uplink;
  readonly client: AgentClient;
}

export interface System {
  readonly agents: readonly Agent[];
  readonly centre: CentreClient;
  readonly centreUrl: string;
  readonly edgeUrl: string;
  /** Process group of each running program, with what it is. */
  groups(): { readonly kind: string; readonly group: number }[];
  /** Ends one program in order, and starts it again, with other settings where there are any. */
  restart(name: string, again?: Restart): Promise<void>;
  stop(): Promise<void>;
}

export interface Restart {
  /** Instead of those that it had; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** While it is down. */
  readonly between?: () => Promise<void>;
}

export interface SystemWatch extends Watch {
  /** Ends the start in the middle. */
  readonly signal: AbortSignal;
}

const localUrl = (port: number): string => `http://127.0.0.1:${port}`;

export async function startSystem(
  plan: SystemPlan,
  secrets: Secrets,
  watch: SystemWatch,
): Promise<System> {
  await requireFreePorts(plan);
  mkdirSync(join(plan.folder, "logs"), { recursive: true });
  const running: { program: Program; supervised: Supervised }[] = [];
  const uplinks: Uplink[] = [];
  async function start(program: Program): Promise<void> {
    watch.signal.throwIfAborted();
    running.push({ program, supervised: await supervise(program, watch) });
  }
  async function restart(name: string, { env = {}, between }: Restart = {}): Promise<void> {
    const entry = running.find(({ program }) => program.name === name);
    if (!entry) throw new Error(`there is no ${name} here`);
    await entry.supervised.stop();
    await between?.();
    entry.program = { ...entry.program, env: withoutGone({ ...entry.program.env, ...env }) };
    entry.supervised = await supervise(entry.program, watch);
  }
  async function stop(): Promise<void> {
    // Against the stream: whoever still sends finds whoever receives.
    for (const kind of ["agent", "edge", "centre"]) {
      const same = running.filter(({ program }) => program.kind === kind);
      await Promise.all(same.map(({ supervised }) => supervised.stop()));
    }
    for (const uplink of uplinks) await uplink.cut();
  }
  const centreUrl = localUrl(plan.centrePort);
  const edgeUrl = localUrl(plan.edgePort);
  try {
    await start(centreProgram(plan, secrets, edgeUrl));
    await start(edgeProgram(plan, secrets, plan.centreForEdge ?? centreUrl));
    const enrolment = await openEnrolments(edgeUrl, secrets.centralToken);
    const starting = plan.agents.map(async (agent): Promise<Agent> => {
      const uplink = await openUplink(agent.uplinkPort, plan.edgePort);
      uplinks.push(uplink);
      const code = await enrolment(agent, join(plan.folder, agent.source));
      await start(agentProgram(plan, agent, secrets, localUrl(uplink.port), code));
      const url = localUrl(agent.port);
      return { ...agent, url, uplink, client: createAgentClient(url, secrets.localToken) };
    });
    await Promise.allSettled(starting); // after a failure, none is left that `stop` does not know yet
    return {
      agents: await Promise.all(starting),
      centre: createCentreClient(centreUrl, secrets.centralToken),
      centreUrl,
      edgeUrl,
      groups: () =>
        running.map(({ program, supervised }) => ({
          kind: program.kind,
          group: supervised.group(),
        })),
      restart,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const withoutGone = (
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/** Asked before anything starts, so that the sentence names the part and nothing has to be stopped again. */
async function requireFreePorts(plan: SystemPlan): Promise<void> {
  const wanted: [number, string][] = [
    [plan.centrePort, "the centre"],
    [plan.edgePort, "the edge"],
    ...plan.agents.map(({ port, source }): [number, string] => [port, source]),
    ...plan.agents.map(({ uplinkPort, source }): [number, string] => [
      uplinkPort,
      `the wire of ${source}`,
    ]),
  ];
  for (const [port, who] of wanted) {
    if (await isPortFree(port)) continue;
    throw new CommandFailure(
      `Port ${port}, meant for ${who}, is in use by another program: stop it and try again.`,
    );
  }
}
