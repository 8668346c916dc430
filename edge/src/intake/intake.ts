/**
 * The intake of one shop: where connectors' deliveries become durable, are read, and become events of their accounts'
 * journals, on their way to the shop's inbox. A machine over ports: in a Durable Object, or in a test.
 */
import type { Account } from "@regulars/shared/connect/account";
import type { Mapper } from "@regulars/shared/connect/mapper";
import { LIMITS } from "@regulars/shared/limits";
import { createSerial } from "@regulars/shared/serial";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { type BackgroundDeps, createBackground, type RoundResult } from "../background.ts";
import type { AccountWithSecrets } from "../registry/port.ts";
import { createAlertRound, noticeRound } from "./alerts.ts";
import {
  closePrivacy,
  type FailedAsk,
  groupsOf,
  listFailed,
  openPrivacy,
  showItem,
} from "./desk.ts";
import { fetchRound } from "./fetch.ts";
import { createFragments } from "./fragments.ts";
import { type AccountHealth, healthOf } from "./health.ts";
import { createLetGoRound } from "./let-go.ts";
import type { ReceivedItem, TakenOrder } from "./port.ts";
import { processRound } from "./process.ts";
import { createPushRound, type InboxPort } from "./push.ts";
import { receive, receiveTaken } from "./receive.ts";
import { dropItem, type ReplayAsk } from "./replay.ts";
import { replayItems, type Verify } from "./replay-items.ts";
import { INTAKE_MIGRATIONS } from "./tables.ts";
import { createWaiting } from "./waiting.ts";

export interface IntakeDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly shop: string;
  readonly pepper: string;
  /** By format of the items. */
  readonly mappers: Readonly<Record<string, Mapper>>;
  /** Whether a kept item proves where it comes from, now that its account may have another secret. */
  readonly verify: Verify;
  readonly accountOf: (id: string) => Promise<AccountWithSecrets | null>;
  readonly inbox: InboxPort;
  readonly fetch: (request: Request) => Promise<Response>;
}

export function createIntake(deps: IntakeDeps) {
  const { storage, nowMs } = deps;
  const waiting = createWaiting(storage);
  const fragments = createFragments(storage, LIMITS.loadedFragments);
  const receiving = createSerial();
  const processing = createSerial();
  const at = { ...deps, waiting, fragments };
  const process = () => processing(() => processRound(at));
  const pushing = createPushRound(at);
  /** What a round made is on its way at once: the inbox of the shop is next door. */
  const onward = (round: () => Promise<RoundResult>) => async (): Promise<RoundResult> => {
    const result = await round();
    if (result === "again") background.kick();
    return result;
  };
  const background = createBackground(deps, {
    process: { gapMs: LIMITS.intakeGapMs, idleGapMs: 0, run: onward(process) },
    push: { gapMs: LIMITS.intakeGapMs, idleGapMs: 0, run: pushing.run },
    fetch: { gapMs: LIMITS.intakeGapMs, run: onward(() => fetchRound(at)) },
    letGo: { gapMs: LIMITS.deliverGapMs, run: createLetGoRound(storage, nowMs) },
    alerts: { gapMs: LIMITS.deliverGapMs, run: createAlertRound(at, () => background.kick()) },
    notices: { gapMs: LIMITS.deliverGapMs, run: () => noticeRound(at) },
  });

  return {
    async open(): Promise<void> {
      await migrate(storage, INTAKE_MIGRATIONS);
      await waiting.count();
    },

    /** Durable when it answers; null when too much is waiting: nothing was taken. */
    async receive(account: Account, items: readonly ReceivedItem[]) {
      const answer = await receiving(() => receive(at, account, items));
      // What the other rounds do, they do with what has been read; but nobody reads what has failed already.
      const isFailed = items.some(({ failed }) => failed !== undefined);
      if (answer && answer.accepted > 0) background.kick(isFailed ? undefined : ["process"]);
      return answer;
    },

    async taken(orders: readonly TakenOrder[]): Promise<void> {
      await receiving(() => receiveTaken(at, orders));
      background.kick();
    },

    failed: (ask: FailedAsk) => listFailed(storage, ask, ask.atMs ?? nowMs()),
    groups: () => groupsOf(storage),
    show: (n: number) => showItem(storage, n),

    /** Reads failed items anew; asked again with `next`, it goes on. */
    async replay(ask: ReplayAsk) {
      const page = await replayItems({ ...deps, processing, process }, ask);
      background.kick();
      return page;
    },
    drop: (item: number, reason: string) =>
      processing(() => dropItem(storage, { item, reason }, nowMs())),

    privacy: () => openPrivacy(storage),
    closePrivacy: (n: number) => closePrivacy(storage, n, nowMs()),
    /** What the inbox has not told yet is asked for: whoever looks again sees it. */
    async health(): Promise<AccountHealth[]> {
      const health = await healthOf(storage, nowMs());
      if (health.some(({ notGolden }) => notGolden > 0)) {
        pushing.ask();
        background.kick(["push"]);
      }
      return health;
    },

    /** Looks for work whose alarm was lost. */
    sweep: () => background.kick(),
    alarm: () => background.alarm(),
  };
}

export type IntakeMachine = ReturnType<typeof createIntake>;
