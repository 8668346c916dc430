/** One day of the town on the running system: played, followed until all of it is golden, and told. */
import { z } from "zod";
import type { Progress, Row } from "../progress.ts";
import type { FeedPage } from "../system/centre-client.ts";
import { readJournal } from "../system/journals.ts";
import { createLadderBoard, type LadderBoard, untilGolden } from "../system/ladder.ts";
import type { ShopClient } from "../system/shop-client.ts";
import type { System } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import { closeDay, openDrawers } from "./close-day.ts";
import { CLOSES, createDay, type Day, OPENS } from "./day.ts";
import { createDrawers, type Drawers } from "./drawers.ts";
import type { TownOptions } from "./options.ts";
import type { Town } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";
import { type Outage, playDay, type Played } from "./play-day.ts";
import { type TownState, writeTown } from "./state.ts";
import { minorOf, tellDay } from "./tell-day.ts";
import { createWebDay, type WebDay } from "./web-day.ts";
import { countWebEvents, untilWebGolden } from "./web-golden.ts";
import { ACCOUNTS } from "./web-shop.ts";

export interface Living {
  readonly system: System;
  readonly shop: ShopClient;
  readonly town: Town;
  readonly state: TownState;
  readonly options: TownOptions;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Lived {
  readonly story: string;
  /** A family name that was told at the first till today. */
  readonly example: string;
  /** E-mail of somebody who ordered on the web. */
  readonly webExample: string | null;
}

const sales = 350;
const outage: Outage = { store: "store-2", from: 11 * 60 + 30, to: 15 * 60 };
const lookEveryMs = 500;

export async function liveDay(living: Living): Promise<Lived> {
  const { system, shop, town, state, options, signal } = living;
  writeTown(options.data, state);
  const dayOptions = { ...state, zone: ZONE, stores: STORES, sales };
  const day = createDay(town, dayOptions);
  const drawers = createDrawers(town.seed, day, dayOptions);
  const webDay = createWebDay(town, { ...state, zone: ZONE });
  const joinedBefore = await countJoined(living);
  const board = createLadderBoard(system.agents);
  const show = (minute: number): void => {
    const shown = { living, day, board, minute };
    living.progress.show(STORES.map(([{ store }]) => rowOf(store, shown)));
  };
  await openDrawers(system.agents, drawers, signal);
  const played = await play(living, { day, drawers, webDay, board, show });
  const closed = await closeDay(system.agents, drawers, day.date, signal);
  await untilGolden(board, signal, () => show(CLOSES));
  const unusable = await untilWebGolden(shop, signal);
  const before = Object.fromEntries(
    STORES.map(([{ store }]) => [store, board.read(store).captured]),
  );
  writeTown(options.data, { ...state, minute: CLOSES, isDayOver: true, before });
  const story = tellDay({
    number: state.day,
    day,
    webDay,
    played,
    closed,
    outage,
    golden: board.read().golden + (await countWebEvents(system, signal)),
    unusable,
    totals: await untilAvailable(() => system.centre.totals(), signal),
    centreMinor: await moneyAtCentre(living),
    joined: (await countJoined(living)) - joinedBefore,
    tillMinor: await moneyAtTills(living),
    webMinor: moneyOfWeb(living),
  });
  const example = nameToldAt(system.agents[0]?.source, day);
  return { story, example, webExample: emailOfBuyer(webDay, day) };
}

interface Playing {
  readonly day: Day;
  readonly drawers: Drawers;
  readonly webDay: WebDay;
  readonly board: LadderBoard;
  readonly show: (minute: number) => void;
}

async function play(
  { system, shop, state, options, signal }: Living,
  { day, drawers, webDay, board, show }: Playing,
): Promise<Played> {
  let { minute } = state;
  const ticker = setInterval(() => {
    if (minute > state.minute) writeTown(options.data, { ...state, minute });
    board.refresh().then(
      () => show(minute),
      () => undefined, // an agent that answers nonsense is met by the captures as well
    );
  }, lookEveryMs);
  try {
    return await playDay({
      day,
      errands: drawers.errands,
      webDay,
      agents: system.agents,
      shop,
      outage,
      fromMinute: state.minute,
      minutesPerSecond: (CLOSES - OPENS) / options.seconds,
      signal,
      onMinute: (reached) => {
        minute = reached;
      },
    });
  } finally {
    clearInterval(ticker);
  }
}

interface Shown {
  readonly living: Living;
  readonly day: Day;
  readonly board: LadderBoard;
  readonly minute: number;
}

/** Today's part of the ladder. Its end is open: what customers tell makes events of its own. */
function rowOf(store: string, { living, day, board, minute }: Shown): Row {
  const agents = living.system.agents.filter((agent) => agent.store === store);
  const before = living.state.before[store] ?? 0;
  const all = board.read(store);
  const today = (events: number): number => Math.max(events - before, 0);
  const toCome = day.actions.filter(
    (action) => action.minute > minute && agents.some(({ source }) => source === action.source),
  );
  return {
    name: store,
    ladder: {
      captured: today(all.captured),
      accepted: today(all.accepted),
      merged: today(all.merged),
      golden: today(all.golden),
    },
    total: today(all.captured) + toCome.length,
    note: agents.some(({ uplink }) => uplink.isCut()) ? "no network" : "",
  };
}

const namedSchema = z.object({ loyaltyNumber: z.string(), familyName: z.string() });

function nameToldAt(till: string | undefined, { actions }: Day): string {
  for (const { source, capture } of actions) {
    const named = namedSchema.safeParse(capture.customer);
    if (source === till && named.success) return named.data.familyName;
  }
  return "smith";
}

/** If possible of somebody who was in a store as well. */
function emailOfBuyer({ buyers }: WebDay, { truth }: Day): string | null {
  const visitors = new Set(truth.values());
  const buyer = buyers.find(({ id }) => visitors.has(id)) ?? buyers[0];
  return buyer?.email ?? null;
}

/** How often the centre has found that two customers are one. */
async function countJoined({ system, signal }: Living): Promise<number> {
  let count = 0;
  for (let after: string | null = null; ;) {
    const from: string | null = after;
    const page: FeedPage = await untilAvailable(() => system.centre.feed(from, 1_000), signal);
    count += page.feed.filter(({ type }) => type === "merged").length;
    if (page.feed.length === 0) break;
    after = page.next;
  }
  return count;
}

async function moneyAtTills({ system, signal }: Living): Promise<number> {
  let minor = 0;
  for (const agent of system.agents) {
    for await (const row of readJournal(agent, signal)) minor += row.totalMinor ?? 0;
  }
  return minor;
}

/** Of the town's own tills and web shop: others may have tried the front door meanwhile. */
async function moneyAtCentre({ system, signal }: Living): Promise<number> {
  const tills = system.agents.map(({ source }) => source);
  const sources = [...tills, ...ACCOUNTS.map(({ account }) => account.id)];
  return minorOf(await untilAvailable(() => system.centre.totals(sources), signal));
}

/** What the web shop has taken on all its days, by its own account of them. */
function moneyOfWeb({ town, state }: Living): number {
  let minor = 0;
  for (let day = state.webSince ?? state.day; day <= state.day; day++) {
    for (const action of createWebDay(town, { ...state, day, zone: ZONE }).actions) {
      minor += action.minor;
    }
  }
  return minor;
}
