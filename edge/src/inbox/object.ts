/** Durable Object around the inbox of one store: its storage, its alarm, and the sockets on which tills are poked. */
import { DurableObject } from "cloudflare:workers";
import type { FragmentName } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import type { Pull } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { backgroundOf } from "../background.ts";
import { createCentral } from "../central.ts";
import { createShardedDirectory } from "../directory/sharded.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { problemResponse } from "../problem-response.ts";
import { createShardedProfiles } from "../profile/sharded.ts";
import { createDurableStorage } from "../storage.ts";
import { intakeOf } from "../stubs.ts";
import type { ChangeText } from "./feed.ts";
import { createInbox, type InboxMachine } from "./inbox.ts";
import type { GoldenMark } from "./marks.ts";
import type { ReplayAsk, ReplayedPage } from "./replay.ts";
import type { InboxReport, QuarantinedItem } from "./report.ts";

const POKE = "poke";
/** Of WebSockets (RFC 6455). */
const POLICY_VIOLATION = 1008;

export class Inbox extends DurableObject<Env> {
  readonly #inbox: InboxMachine;
  /** Sources that were poked and have not pulled since: one poke is enough. */
  readonly #poked = new Set<string>();
  /** When sockets of a source were last ended. */
  readonly #ended = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#inbox = createInbox({
      ...backgroundOf(ctx),
      storage: createDurableStorage(ctx.storage),
      directory: createShardedDirectory(env),
      profiles: createShardedProfiles(env),
      central: createCentral(env),
      intakes: { taken: (shop, orders) => intakeOf(env, shop).taken(orders) },
      newGeneration: () => crypto.randomUUID(),
      onNews: () => this.#poke(),
      onError: (round, error) => logError(`inbox ${round}`, error),
    });
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
    void ctx.blockConcurrencyWhile(() => this.#inbox.open());
  }

  push(push: Push, listens = true): Promise<PushAnswer | null> {
    return this.#inbox.push(push, listens);
  }

  needsOf(source: string): ReturnType<InboxMachine["needsOf"]> {
    return this.#inbox.needsOf(source);
  }

  /** As JSON text. */
  pull(pull: Pull): Promise<string> {
    this.#poked.delete(pull.source);
    return this.#inbox.pull(pull);
  }

  changed(changes: readonly ChangeText[]): Promise<void> {
    return this.#inbox.changed(changes);
  }

  need(fragments: readonly FragmentName[]): Promise<void> {
    return this.#inbox.need(fragments);
  }

  markGolden(marks: readonly GoldenMark[]): Promise<void> {
    return this.#inbox.markGolden(marks);
  }

  async report(): Promise<InboxReport & { storageBytes: number }> {
    return { ...(await this.#inbox.report()), storageBytes: this.ctx.storage.sql.databaseSize };
  }

  quarantine(max: number): Promise<QuarantinedItem[]> {
    return this.#inbox.quarantine(max);
  }

  replay(ask: ReplayAsk): Promise<ReplayedPage> {
    return this.#inbox.replay(ask);
  }

  sweep(): void {
    this.#inbox.sweep();
  }

  /** Ends the sockets of a source whose key no longer counts, and those that an old answer still lets through (SEC1). */
  endPokes(source: string): void {
    this.#ended.set(source, Date.now());
    for (const socket of this.ctx.getWebSockets(source)) {
      socket.close(POLICY_VIOLATION, "no longer enrolled");
    }
  }

  override fetch(request: Request): Response {
    const source = new URL(request.url).searchParams.get("source") ?? "";
    const endedMs = this.#ended.get(source);
    if (endedMs !== undefined) {
      if (Date.now() - endedMs < 2 * LIMITS.registryAgeMs) {
        return problemResponse(problemOf("revoked"));
      }
      this.#ended.delete(source);
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server, [source]);
    // Whatever happened before the socket was there is learned by one pull.
    server.send(POKE);
    return new Response(null, { status: 101, webSocket: client });
  }

  override alarm(): Promise<void> {
    return this.#inbox.alarm();
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
