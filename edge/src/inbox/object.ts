/** Durable Object around the inbox of one store: its storage, its alarm, and the sockets on which tills are poked. */
import { DurableObject } from "cloudflare:workers";
import type { CompareJournal } from "@regulars/shared/compare/messages";
import type { FragmentName } from "@regulars/shared/ids";
import type { Pull } from "@regulars/shared/protocol/pull";
import type { Push, PushAnswer } from "@regulars/shared/protocol/push";
import { standingOf } from "../access/proof.ts";
import { backgroundOf } from "../background.ts";
import { createCentral } from "../central.ts";
import { createShardedDirectory } from "../directory/sharded.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { createShardedProfiles } from "../profile/sharded.ts";
import { createDurableStorage } from "../storage.ts";
import { intakeOf } from "../stubs.ts";
import type { ComparedJournal } from "./compare.ts";
import type { ChangeText } from "./feed.ts";
import { createInbox, type InboxMachine } from "./inbox.ts";
import type { GoldenMark } from "./move-marks.ts";
import { createPokes, type Pokes } from "./pokes.ts";
import type { ReplayAsk, ReplayedPage } from "./replay.ts";
import type { InboxReport, QuarantinedItem } from "./report.ts";

export class Inbox extends DurableObject<Env> {
  readonly #inbox: InboxMachine;
  readonly #pokes: Pokes;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#pokes = createPokes({
      ctx,
      standing: (proof) => standingOf(env, proof, "till.poke"),
      onError: (error) => logError("inbox poke", error),
    });
    this.#inbox = createInbox({
      ...backgroundOf(ctx),
      storage: createDurableStorage(ctx.storage),
      directory: createShardedDirectory(env),
      profiles: createShardedProfiles(env),
      central: createCentral(env),
      intakes: { taken: (shop, orders) => intakeOf(env, shop).taken(orders) },
      newGeneration: () => crypto.randomUUID(),
      onNews: () => this.#pokes.poke(),
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
    this.#pokes.pulled(pull.source);
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

  compare(ranges: CompareJournal["ranges"], withRows: boolean): Promise<ComparedJournal> {
    return this.#inbox.compare(ranges, withRows);
  }

  listening(): Promise<string[]> {
    return this.#inbox.listening();
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

  sweep(isCentreNew = false): Promise<void> {
    return this.#inbox.sweep(isCentreNew);
  }

  /** Ends the sockets of a till whose key no longer counts. */
  endPokes(source: string): void {
    this.#pokes.shutOut(source);
  }

  override fetch(request: Request): Response {
    return this.#pokes.open(request);
  }

  override alarm(): Promise<void> {
    return this.#inbox.alarm();
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    socket.close(code === 1006 ? 1001 : code);
  }
}
