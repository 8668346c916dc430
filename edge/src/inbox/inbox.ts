/**
 * The inbox of one store: where pushes become durable, from where their items go on to profiles and centre, and where
 * tills hear what has changed. A machine over ports: in a Durable Object, or in a simulated one.
 */
import type { CompareJournal } from "@regulars/shared/compare/messages";
import { type FragmentName, writerOf } from "@regulars/shared/ids";
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
import { isSending, rememberHead, type TillHeads } from "./till-heads.ts";
import type { Holders } from "./holders.ts";
import { type ChangeText, readFeed, receiveChanges } from "./feed.ts";
import { compareJournal, type ComparedJournal } from "./compare.ts";
import { createMarks, type Marks, publicMarksOf } from "./marks.ts";
import { type GoldenMark, letGo, setGolden } from "./move-marks.ts";
import { mendFragments, needOfWriterStatement, needsOf } from "./need.ts";
import { type InboxReport, quarantineOf, reportOf } from "./report.ts";
import { replayPage, type ReplayAsk, type ReplayedPage } from "./replay.ts";
import { INBOX_MIGRATIONS } from "./tables.ts";
import { inProtocolOf, isOverloaded, paceOf, waitingItems } from "./pace.ts";
import { createAside } from "./aside.ts";
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

// oxlint-disable-next-line max-lines-per-function -- a table of what an inbox can do
export function createInbox(deps: InboxDeps) {
  const { storage, nowMs } = deps;
  const marks = createMarks(storage, nowMs);
  const aside = createAside(storage);
  const serial = createSerial();
  const replays = createSerial();
  const holders: Holders = new Map();
  const tillHeads: TillHeads = new Map();
  const heads = createHeads(storage, deps.central, marks);
  const again = (): void => background.kick();
  const { rounds, closedRoundMs, hurry } = createRounds(
    { ...deps, marks, heads, alone: serial, onLack: again },
    { holders, tillHeads },
  );
  const background = createBackground(deps, rounds);
  const policyNews = createPolicyNews(deps);
  return {
    async open() {
      await migrate(storage, INBOX_MIGRATIONS);
      await marks.open();
    },

    /** Null when too much is waiting: nothing was taken. Of a writer that does not listen, customers are in no working set. */
    async push(push: Push, listens = true): Promise<PushAnswer | null> {
      const waiting = waitingItems(marks);
      if (isOverloaded(push, waiting)) return null;
      const answer = await serial(() => takePush({ ...deps, marks, aside }, push, listens));
      rememberHead(tillHeads, push, answer.marks.accepted);
      if (push.closed !== true && !isSending(tillHeads, push)) hurry();
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
    needsOf: (source: string) => needsOf(deps, source),

    /** The answer as JSON text: its changes are put in as they lie in the feed. */
    async pull(pull: Pull): Promise<string> {
      const fenced = await serial(() => takeLife({ ...deps, marks }, pull));
      return pullAnswer({ ...deps, marks }, pull, fenced, await policyNews(pull));
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

    async markGolden(said: readonly GoldenMark[]): Promise<void> {
      const { isNews, isBehind } = await serial(() => setGolden(marks, said));
      await letGo(storage, marks, nowMs());
      if (marks.isBehind()) background.wake();
      if (isNews) deps.onNews();
      if (isBehind) background.kick();
    },

    async compare(ranges: CompareJournal["ranges"], withRows: boolean): Promise<ComparedJournal> {
      await marks.flush();
      return compareJournal(storage, ranges, withRows);
    },

    /** `source/epoch` of writers that pull: what they have told of is in the store's working set. */
    listening(): Promise<string[]> {
      const listening = marks.all().filter(({ listens }) => listens);
      return Promise.resolve(listening.map(({ source, epoch }) => writerOf(source, epoch)));
    },

    async report(): Promise<InboxReport> {
      await marks.flush();
      return reportOf(storage);
    },

    /** The oldest first. */
    quarantine: (max: number) => quarantineOf(storage, max),

    /** Reads what is in quarantine anew; asked again, it goes on from what is there. */
    replay: (ask: ReplayAsk): Promise<ReplayedPage> =>
      replays(async () => {
        await marks.flush();
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

    async alarm(): Promise<void> {
      await marks.flush();
      await background.alarm();
      await marks.flush();
    },
  };
}

async function pullAnswer(
  { storage, marks, newGeneration, nowMs }: InboxDeps & { readonly marks: Marks },
  pull: Pull,
  fenced: PullAnswer["fenced"] | null,
  news: object,
): Promise<string> {
  const { changes, ...page } = await readFeed(storage, pull.cursor, newGeneration);
  const need = await needsOf({ storage, nowMs }, pull.source);
  const answer: Omit<PullAnswer, "changes"> = {
    ...THIS_VERSION,
    ...page,
    marks: publicMarksOf(marks.of(pull)),
    serverTimeMs: nowMs(),
    ...(fenced ? { fenced } : {}),
    ...(need.length > 0 ? { need } : {}),
    ...news,
  };
  const read = changes.map((change) => inWordsOf(pull.protocol, change));
  return `${JSON.stringify(answer).slice(0, -1)},"changes":[${read.join(",")}]}`;
}

export type InboxMachine = ReturnType<typeof createInbox>;
