/**
 * The inbox of one store: where pushes become durable, from where their items go on to profiles and centre, and where
 * tills hear what has changed. A machine over ports: in a Durable Object, or in a simulated one.
 */
import type { CompareJournal } from "@regulars/shared/compare/messages";
import { type FragmentName, writerOf } from "@regulars/shared/ids";
import { numberOf, rowsOf, textOf } from "@regulars/shared/storage/port";
import type { Pull, PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { createSerial } from "@regulars/shared/serial";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { type BackgroundDeps, createBackground } from "../background.ts";
import type { DirectoryPort } from "../directory/port.ts";
import type { ProfilesPort } from "../profile/port.ts";
import type { CentralPort } from "./deliver.ts";
import type { IntakesPort } from "./drain.ts";
import { createHeads } from "./heads.ts";
import { rememberHead, type TillHeads } from "./till-heads.ts";
import type { Holders } from "./holders.ts";
import { type ChangeText, readFeed, receiveChanges } from "./feed.ts";
import { compareJournal, type ComparedJournal } from "./compare.ts";
import { type GoldenMark, marksOf, setGolden } from "./marks.ts";
import { mendFragments, needOfWriterStatement, needsOf } from "./need.ts";
import { quarantineOf, reportOf } from "./report.ts";
import { replayPage, type ReplayAsk, type ReplayedPage } from "./replay.ts";
import { INBOX_MIGRATIONS } from "./tables.ts";
import { inProtocolOf, isOverloaded, paceOf, waitingItems } from "./pace.ts";
import { createRounds, roundsAfter } from "./rounds.ts";
import { takeLife } from "./take-life.ts";
import { takePush } from "./take-push.ts";
import { createPolicyNews, inWordsOf } from "./words.ts";

export interface InboxDeps extends BackgroundDeps {
  readonly storage: Storage;
  readonly directory: DirectoryPort;
  readonly profiles: ProfilesPort;
  readonly central: CentralPort;
  readonly intakes: IntakesPort;
  /** A name that no feed has had before. */
  readonly newGeneration: () => string;
  /** Tills that listen should pull. */
  readonly onNews: () => void;
}

export function createInbox(deps: InboxDeps) {
  const { storage, nowMs } = deps;
  const serial = createSerial();
  const replays = createSerial();
  const holders: Holders = new Map();
  const tillHeads: TillHeads = new Map();
  const heads = createHeads(storage, deps.central, nowMs);
  const again = (): void => background.kick();
  const { rounds, closedRoundMs } = createRounds(
    { ...deps, heads, alone: serial, onLack: again },
    { holders, tillHeads },
  );
  const background = createBackground(deps, rounds);
  const policyNews = createPolicyNews(deps);
  return {
    open: () => migrate(storage, INBOX_MIGRATIONS),

    /** Null when too much is waiting: nothing was taken. Of a writer that does not listen, customers are in no working set. */
    async push(push: Push, listens = true): Promise<PushAnswer | null> {
      const waiting = await waitingItems(storage);
      if (isOverloaded(push, waiting)) return null;
      const answer = await serial(() => takePush(deps, push, listens));
      rememberHead(tillHeads, push, answer.marks.accepted);
      if (
        answer.outcome !== "fenced" &&
        (await mendFragments({ ...deps, holders }, push, listens))
      ) {
        deps.onNews();
      }
      // Also for rows that had been merged and were damaged here before the centre had them.
      if (answer.marks.accepted > answer.marks.golden) background.kick(roundsAfter(push));
      return inProtocolOf(push, { ...answer, pace: paceOf(push, waiting, closedRoundMs()) });
    },

    /** Fragments of the source that are asked for whole; a till hears of them with its pull. */
    needsOf: (source: string) => needsOf(storage, source),

    /** The answer as JSON text: its changes are put in as they lie in the feed. */
    async pull(pull: Pull): Promise<string> {
      const fenced = await serial(() => takeLife(deps, pull));
      return pullAnswer(deps, pull, fenced, await policyNews(pull));
    },

    async changed(changes: readonly ChangeText[]): Promise<void> {
      await receiveChanges(storage, changes);
      deps.onNews();
    },

    /** A profile shard has lost them; whoever has written them here is asked. */
    async need(fragments: readonly FragmentName[]): Promise<void> {
      await storage.write(fragments.map((name) => needOfWriterStatement(deps, name)));
      deps.onNews();
    },

    async markGolden(marks: readonly GoldenMark[]): Promise<void> {
      const { isNews, isBehind } = await serial(() => setGolden(storage, marks, nowMs()));
      if (isNews) deps.onNews();
      if (isBehind) background.kick();
    },

    compare: (ranges: CompareJournal["ranges"], withRows: boolean): Promise<ComparedJournal> =>
      compareJournal(storage, ranges, withRows),

    /** `source/epoch` of writers that pull: what they have told of is in the store's working set. */
    async listening(): Promise<string[]> {
      const rows = await rowsOf(storage, "select source, epoch from mark where listens = 1");
      return rows.map((row) => writerOf(textOf(row, "source"), numberOf(row, "epoch")));
    },

    report: () => reportOf(storage),

    /** The oldest first. */
    quarantine: (max: number) => quarantineOf(storage, max),

    /** Reads what is in quarantine anew; asked again, it goes on from what is there. */
    replay: (ask: ReplayAsk): Promise<ReplayedPage> =>
      replays(async () => {
        const page = await replayPage({ ...deps, holders }, ask);
        background.kick();
        if (page.replayed > 0) deps.onNews();
        return page;
      }),

    /** Looks for work whose alarm was lost; for a centre that has just started, also whether it has all that it had. */
    async sweep(isCentreNew = false): Promise<void> {
      if (isCentreNew) await heads.ask();
      background.kick();
    },

    alarm: () => background.alarm(),
  };
}

async function pullAnswer(
  { storage, newGeneration, nowMs }: InboxDeps,
  pull: Pull,
  fenced: PullAnswer["fenced"] | null,
  news: object,
): Promise<string> {
  const { changes, ...page } = await readFeed(storage, pull.cursor, newGeneration);
  const need = await needsOf(storage, pull.source);
  const answer: Omit<PullAnswer, "changes"> = {
    ...THIS_VERSION,
    ...page,
    marks: await marksOf(storage, pull.source, pull.epoch),
    serverTimeMs: nowMs(),
    ...(fenced ? { fenced } : {}),
    ...(need.length > 0 ? { need } : {}),
    ...news,
  };
  const read = changes.map((change) => inWordsOf(pull.protocol, change));
  return `${JSON.stringify(answer).slice(0, -1)},"changes":[${read.join(",")}]}`;
}

export type InboxMachine = ReturnType<typeof createInbox>;
