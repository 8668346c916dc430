/** Durable Object around the inbox of one store: sockets that are poked, rounds that go on in the background. */
import { DurableObject } from "cloudflare:workers";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Pull, PullAnswer } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { LIMITS } from "@regulars/shared/limits";
import { THIS_VERSION } from "@regulars/shared/protocol/version";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { backgroundOf, createBackground } from "../background.ts";
import { createCentral } from "../central.ts";
import { createShardedDirectory } from "../directory/sharded.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { createShardedProfiles } from "../profile/port.ts";
import { createDurableStorage } from "../storage.ts";
import { deliverRound } from "./deliver.ts";
import { drainRound } from "./drain.ts";
import { type ChangeText, readFeed, receiveChanges } from "./feed.ts";
import { createInbox } from "./inbox.ts";
import { INBOX_MIGRATIONS } from "./tables.ts";

export interface GoldenMark {
  readonly source: string;
  readonly epoch: number;
  readonly golden: number;
}

const POKE = "poke";
const nowMs = (): number => Date.now();

export class Inbox extends DurableObject<Env> {
  readonly #storage: Storage;
  readonly #inbox: ReturnType<typeof createInbox>;
  readonly #background: ReturnType<typeof createBackground>;
  /** Sources that were poked and have not pulled since: one poke is enough. */
  readonly #poked = new Set<string>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#storage = createDurableStorage(ctx.storage);
    this.#inbox = createInbox({ storage: this.#storage, nowMs });
    const drainDeps = {
      storage: this.#storage,
      nowMs,
      directory: createShardedDirectory(env),
      profiles: createShardedProfiles(env),
      holders: new Map<IdentityKey, CustomerId>(),
    };
    const central = createCentral(env);
    this.#background = createBackground(
      {
        ...backgroundOf(ctx),
        onError: (round, error) => logError(`inbox ${round}`, error),
      },
      {
        drain: {
          gapMs: LIMITS.drainGapMs,
          run: async () => {
            const { moved, waiting } = await drainRound(drainDeps);
            if (moved) this.#poke();
            if (!waiting) return "idle";
            return moved ? "again" : "later";
          },
        },
        deliver: {
          gapMs: LIMITS.deliverGapMs,
          run: async () => {
            const { moved, waiting } = await deliverRound(this.#storage, central);
            if (!waiting) return "idle";
            return moved ? "again" : "later";
          },
        },
      },
    );
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    void ctx.blockConcurrencyWhile(() => migrate(this.#storage, INBOX_MIGRATIONS));
  }

  async push(push: Push): Promise<PushAnswer> {
    const answer = await this.#inbox.accept(push);
    if (answer.marks.accepted > answer.marks.merged) this.#background.kick();
    return answer;
  }

  /** The answer as JSON text: its changes are put in as they lie in the feed. */
  async pull(pull: Pull): Promise<string> {
    this.#poked.delete(pull.source);
    const { changes, ...page } = await readFeed(this.#storage, pull.cursor, () =>
      crypto.randomUUID(),
    );
    const answer: Omit<PullAnswer, "changes"> = {
      ...THIS_VERSION,
      ...page,
      marks: await this.#inbox.marksOf(pull.source, pull.epoch),
      serverTimeMs: Date.now(),
    };
    return `${JSON.stringify(answer).slice(0, -1)},"changes":[${changes.join(",")}]}`;
  }

  async changed(changes: readonly ChangeText[]): Promise<void> {
    await receiveChanges(this.#storage, changes);
    this.#poke();
  }

  async markGolden(marks: readonly GoldenMark[]): Promise<void> {
    for (const { source, epoch, golden } of marks) {
      await this.#inbox.markGolden(source, epoch, golden);
    }
    this.#poke();
  }

  override fetch(request: Request): Response {
    const source = new URL(request.url).searchParams.get("source") ?? "";
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [source]);
    // Whatever happened before the socket was there is learned by one pull.
    server.send(POKE);
    return new Response(null, { status: 101, webSocket: client });
  }

  override alarm(): Promise<void> {
    return this.#background.alarm();
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    socket.close(code === 1006 ? 1001 : code);
  }

  #poke(): void {
    for (const socket of this.ctx.getWebSockets()) {
      const [source = ""] = this.ctx.getTags(socket);
      if (this.#poked.has(source)) continue;
      this.#poked.add(source);
      socket.send(POKE);
    }
  }
}
