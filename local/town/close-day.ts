/** Morning and evening at the tills of a running system: drawers are opened, counted blind and closed, and each store's day sealed. */
import type { OVER_SHORT_REASONS } from "@regulars/shared/events/close";
import { captureSurely } from "../system/capture-surely.ts";
import type { Agent } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import type { DrawerDay, Drawers } from "./drawers.ts";

export interface Closed {
  readonly reports: number;
  /** Drawers whose count was over or short. */
  readonly differing: readonly {
    readonly source: string;
    /** Over when positive. */
    readonly minor: number;
    readonly reason: (typeof OVER_SHORT_REASONS)[number] | undefined;
  }[];
  /** Stores whose day is sealed. */
  readonly sealed: readonly string[];
}

export async function openDrawers(
  agents: readonly Agent[],
  { tills }: Drawers,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    tills.map(({ source, opening }) => captureSurely(agentOf(agents, source), opening, signal)),
  );
}

/** All of it may have been done before the day was interrupted; said again, it changes nothing. */
export async function closeDay(
  agents: readonly Agent[],
  { tills, seals }: Drawers,
  date: string,
  signal: AbortSignal,
): Promise<Closed> {
  const differences = await Promise.all(
    tills.map((drawer) => closeDrawer(agentOf(agents, drawer.source), drawer, date, signal)),
  );
  for (const { store, source, capture } of seals) {
    const others = agents.filter((agent) => agent.store === store && agent.source !== source);
    const days = await Promise.all(
      others.map(({ client }) => untilAvailable(() => client.day(date), signal)),
    );
    const heads = days.flatMap((day) => day.heads);
    await captureSurely(agentOf(agents, source), { ...capture, heads }, signal);
  }
  return {
    reports: tills.length,
    differing: differences.flat(),
    sealed: seals.map(({ store }) => store),
  };
}

async function closeDrawer(
  agent: Agent,
  drawer: DrawerDay,
  date: string,
  signal: AbortSignal,
): Promise<Closed["differing"]> {
  const { client, source } = agent;
  await captureSurely(agent, drawer.count, signal);
  // Only now does the till show what should be there.
  const { open } = await untilAvailable(() => client.shift(), signal);
  const differs = open?.compared.some(({ differenceMinor }) => differenceMinor !== 0) === true;
  const reason = drawer.shortMinor > 0 ? "wrong_change" : "unknown";
  await captureSurely(agent, drawer.close(differs ? reason : undefined), signal);
  const { shifts } = await untilAvailable(() => client.day(date), signal);
  const number = shifts.at(-1)?.number ?? 0;
  const report = await untilAvailable(() => client.zReport(number), signal);
  return report.compared
    .filter(({ differenceMinor }) => differenceMinor !== 0)
    .map(({ differenceMinor: minor }) => ({ source, minor, reason: report.reason }));
}

function agentOf(agents: readonly Agent[], source: string): Agent {
  const agent = agents.find((each) => each.source === source);
  if (!agent) throw new Error("every till of the town has an agent");
  return agent;
}
