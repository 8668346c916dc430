/** Plays a day at the tills of a running system, in time-lapse, with one store offline for some hours. */
import { setTimeout as wait } from "node:timers/promises";
import { captureSurely } from "../system/capture-surely.ts";
import type { Agent } from "../system/system.ts";
import { CLOSES, type Day, OPENS } from "./day.ts";

export interface Outage {
  readonly store: string;
  /** Minutes of the day. */
  readonly from: number;
  readonly to: number;
}

export interface Playing {
  readonly day: Day;
  readonly agents: readonly Agent[];
  readonly outage: Outage;
  /** Where an interrupted day goes on; what comes before is sent again at once, and changes nothing. */
  readonly fromMinute: number;
  readonly minutesPerSecond: number;
  readonly signal: AbortSignal;
  /** Up to here everything has been captured. */
  onMinute(minute: number): void;
}

export interface Played {
  readonly captures: number;
  /** Captured while the store had no network. */
  readonly offline: number;
  /** Held a customer field that could not be read. */
  readonly doubtful: number;
}

export async function playDay(playing: Playing): Promise<Played> {
  const { agents, day, fromMinute, minutesPerSecond, outage, signal } = playing;
  const played = { captures: 0, offline: 0, doubtful: 0 };
  const start = Math.max(fromMinute, OPENS);
  const startedMs = Date.now();
  const untilMinute = (minute: number): Promise<void> => {
    const dueMs = startedMs + ((minute - start) / minutesPerSecond) * 1_000;
    return wait(Math.max(dueMs - Date.now(), 0), undefined, { signal });
  };
  const reached = new Map(agents.map(({ source }) => [source, start]));

  async function playTill(agent: Agent): Promise<void> {
    for (const { minute, source, capture } of day.actions) {
      if (source !== agent.source) continue;
      await untilMinute(minute);
      const isOffline = agent.uplink.isCut();
      const { flags } = await captureSurely(agent, capture, signal);
      played.captures++;
      if (isOffline) played.offline++;
      if (flags.includes("doubtful_field")) played.doubtful++;
      reached.set(source, Math.max(minute, start));
      playing.onMinute(Math.min(...reached.values()));
    }
    reached.set(agent.source, CLOSES);
  }

  async function playOutage(): Promise<void> {
    const uplinks = agents.filter(({ store }) => store === outage.store).map((each) => each.uplink);
    if (start < outage.to) {
      await untilMinute(outage.from);
      for (const uplink of uplinks) await uplink.cut();
      await untilMinute(outage.to);
    }
    for (const uplink of uplinks) await uplink.restore();
  }

  await Promise.all([...agents.map((agent) => playTill(agent)), playOutage()]);
  return played;
}
