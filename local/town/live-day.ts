/** One day of the town on the running system: played, followed until all of it is golden, and told. */
import { z } from "zod";
import type { Progress, Row } from "../progress.ts";
import type { FeedPage } from "../system/centre-client.ts";
import { readJournal } from "../system/journals.ts";
import { createLadderBoard, type LadderBoard, untilGolden } from "../system/ladder.ts";
import type { System } from "../system/system.ts";
import { untilAvailable } from "../system/until-available.ts";
import { CLOSES, createDay, type Day, OPENS } from "./day.ts";
import type { TownOptions } from "./options.ts";
import type { Town } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";
import { type Outage, playDay, type Played } from "./play-day.ts";
import { type TownState, writeTown } from "./state.ts";
import { tellDay } from "./tell-day.ts";

export interface Living {
  readonly system: System;
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
}

const sales = 350;
const outage: Outage = { store: "store-2", from: 11 * 60 + 30, to: 15 * 60 };
const lookEveryMs = 500;

export async function liveDay(living: Living): Promise<Lived> {
  const { system, town, state, options, signal } = living;
  writeTown(options.data, state);
  const day = createDay(town, { ...state, zone: ZONE, stores: STORES, sales });
  const joinedBefore = await countJoined(living);
  const board = createLadderBoard(system.agents);
  const show = (minute: number): void => {
    const shown = { living, day, board, minute };
    living.progress.show(STORES.map(([{ store }]) => rowOf(store, shown)));
  };
  const played = await play(living, day, board, show);
  await untilGolden(board, signal, () => show(CLOSES));
  const before = Object.fromEntries(
    STORES.map(([{ store }]) => [store, board.read(store).captured]),
  );
  writeTown(options.data, { ...state, minute: CLOSES, isDayOver: true, before });
  const story = tellDay({
    number: state.day,
    day,
    played,
    offlineStore: outage.store,
    golden: board.read().golden,
    totals: await untilAvailable(() => system.centre.totals(), signal),
    joined: (await countJoined(living)) - joinedBefore,
    tillMinor: await moneyAtTills(living),
  });
  return { story, example: nameToldAt(system.agents[0]?.source, day) };
}

async function play(
  { system, state, options, signal }: Living,
  day: Day,
  board: LadderBoard,
  show: (minute: number) => void,
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
      agents: system.agents,
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
