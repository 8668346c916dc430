/** Plays a day at the tills and in the web shop of a running system, in time-lapse, with one store offline for some hours. */
import { setTimeout as wait } from "node:timers/promises";
import { captureSurely } from "../system/capture-surely.ts";
import type { ShopClient } from "../system/shop-client.ts";
import type { Agent } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import { CLOSES, type Day, OPENS } from "./day.ts";
import type { Errand } from "./drawers.ts";
import type { WebAction, WebDay } from "./web-day.ts";
import { SHOP } from "./web-shop.ts";

export interface Outage {
  readonly store: string;
  /** Minutes of the day. */
  readonly from: number;
  readonly to: number;
}

export interface Playing {
  readonly day: Day;
  /** What the drawers are opened for besides. */
  readonly errands: readonly Errand[];
  readonly webDay: WebDay;
  readonly agents: readonly Agent[];
  readonly shop: ShopClient;
  /** Of a store; the web shop goes on meanwhile. */
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

/** Web actions that are sent together: what was due while the one before was on its way. */
const webActionsAtOnce = 40;

export async function playDay(playing: Playing): Promise<Played> {
  const { agents, day, fromMinute, minutesPerSecond, outage, signal } = playing;
  const played = { captures: 0, offline: 0, doubtful: 0 };
  const start = Math.max(fromMinute, OPENS);
  const startedMs = Date.now();
  const untilMinute = (minute: number): Promise<void> => {
    const dueMs = startedMs + ((minute - start) / minutesPerSecond) * 1_000;
    return wait(Math.max(dueMs - Date.now(), 0), undefined, { signal });
  };
  const reached = new Map([...agents.map(({ source }) => source), SHOP].map((who) => [who, start]));
  const reach = (who: string, minute: number): void => {
    reached.set(who, Math.max(minute, start));
    playing.onMinute(Math.min(...reached.values()));
  };

  async function playTill(agent: Agent): Promise<void> {
    const own = [...day.actions, ...playing.errands].filter(
      ({ source }) => source === agent.source,
    );
    for (const { minute, source, capture } of own.toSorted((a, b) => a.minute - b.minute)) {
      await untilMinute(minute);
      if (capture.kind === "drawer") {
        await captureSurely(agent, capture, signal);
        continue;
      }
      const isOffline = agent.uplink.isCut();
      const { flags } = await captureSurely(agent, capture, signal);
      played.captures++;
      if (isOffline) played.offline++;
      if (flags.includes("doubtful_field")) played.doubtful++;
      reach(source, minute);
    }
    reached.set(agent.source, CLOSES);
  }

  async function playWeb(): Promise<void> {
    const { actions } = playing.webDay;
    for (let at = 0; at < actions.length;) {
      await untilMinute(actions[at]?.minute ?? CLOSES);
      const nowMinute = start + ((Date.now() - startedMs) / 1_000) * minutesPerSecond;
      const due = actions
        .slice(at, at + webActionsAtOnce)
        .filter(({ minute }, n) => n === 0 || minute <= nowMinute);
      await sendActions(playing.shop, due, signal);
      at += due.length;
      reach(SHOP, due.at(-1)?.minute ?? start);
    }
    reached.set(SHOP, CLOSES);
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

  await Promise.all([...agents.map((agent) => playTill(agent)), playWeb(), playOutage()]);
  return played;
}

async function sendActions(
  shop: ShopClient,
  actions: readonly WebAction[],
  signal: AbortSignal,
): Promise<void> {
  const messages = actions.flatMap((action) => action.messages);
  if (messages.length > 0) await untilAvailable(() => shop.send(messages), signal);
  for (const { app } of actions) {
    if (app) await untilAvailable(() => shop.consent(app.userId, app.id, NEWS), signal);
  }
}

const NEWS = { purpose: "marketing", channel: "email", state: "granted" } as const;
