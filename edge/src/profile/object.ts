/** Durable Object around one shard of the profiles: its storage, its alarm, and live streams. */
import { DurableObject } from "cloudflare:workers";
import type { ComparedProfile } from "@regulars/shared/compare/messages";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { GoldenVersion } from "@regulars/shared/protocol/intake";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import { standingOf } from "../access/proof.ts";
import { backgroundOf } from "../background.ts";
import { createCentral } from "../central.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { createDurableStorage } from "../storage.ts";
import { createStores } from "../stores.ts";
import type { ComparedPage } from "./compare.ts";
import { createLive, type Live } from "./live.ts";
import type { Arriving, Leaving } from "./move.ts";
import type { Mended } from "./mend.ts";
import type { Scope } from "./markers.ts";
import type { MergeOutcome, MergeUpdate, Standing } from "./port.ts";
import type { ShardReport } from "./report.ts";
import type { ReadAnswer, ViewQuestion } from "./read.ts";
import { textOfView } from "./view-text.ts";
import { createProfileShard, type ProfileShardMachine } from "./shard.ts";

export class ProfileShard extends DurableObject<Env> {
  readonly #shard: ProfileShardMachine;
  readonly #live: Live;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#live = createLive({
      ctx,
      read: (customer) => this.#shard.view(customer, {}),
      standing: (proof) => standingOf(env, proof, "profile.live"),
      onError: (error) => logError("profile live", error),
    });
    this.#shard = createProfileShard({
      ...backgroundOf(ctx),
      storage: createDurableStorage(ctx.storage),
      policy: DEFAULT_POLICY,
      quietNoticeMs: LIMITS.quietNoticeMs,
      stores: createStores(env),
      central: createCentral(env),
      onChanged: (customers) => this.#live.tell(customers),
      expireListeners: (nowMs) => this.#live.expire(nowMs),
      onError: (round, error) => logError(`profile ${round}`, error),
    });
    void ctx.blockConcurrencyWhile(() => this.#shard.open());
  }

  merge(updates: readonly MergeUpdate[]): Promise<MergeOutcome[]> {
    return this.#shard.merge(updates);
  }

  read(customer: CustomerId, store?: string): Promise<ReadAnswer> {
    return this.#shard.read(customer, store);
  }

  /** As text (`view-text.ts`). */
  async view(customer: CustomerId, question: ViewQuestion, store?: string): Promise<string | null> {
    return textOfView(await this.#shard.view(customer, question, store));
  }

  setGolden(goldens: readonly GoldenVersion[]): Promise<void> {
    return this.#shard.setGolden(goldens);
  }

  whereIs(customer: CustomerId, about: Scope): Promise<CustomerId | null> {
    return this.#shard.whereIs(customer, about);
  }

  held(customer: CustomerId, key: IdentityKey): Promise<string[]> {
    return this.#shard.held(customer, key);
  }

  standing(customer: CustomerId): Promise<Standing> {
    return this.#shard.standing(customer);
  }

  leave(from: CustomerId, scope: Scope, to: CustomerId): Promise<Leaving> {
    return this.#shard.leave(from, scope, to);
  }

  cede(from: CustomerId, key: IdentityKey, to: CustomerId): Promise<Leaving> {
    return this.#shard.cede(from, key, to);
  }

  arrive(arriving: Arriving, leaving: Leaving): Promise<void> {
    return this.#shard.arrive(arriving, leaving);
  }

  settle(arriving: Arriving): Promise<void> {
    return this.#shard.settle(arriving);
  }

  left(
    from: CustomerId,
    scope: Scope,
    to: CustomerId,
    keys: readonly IdentityKey[],
  ): Promise<void> {
    return this.#shard.left(from, scope, to, keys);
  }

  point(customer: CustomerId, fragment: string, to: CustomerId): Promise<void> {
    return this.#shard.point(customer, fragment, to);
  }

  setOverrides(customer: CustomerId, overrides: readonly Override[]): Promise<void> {
    return this.#shard.setOverrides(customer, overrides);
  }

  setPolicy(policy: Policy): Promise<void> {
    return this.#shard.setPolicy(policy);
  }

  comparePage(after: string): Promise<ComparedPage> {
    return this.#shard.comparePage(after);
  }

  compareThese(customers: readonly CustomerId[]): Promise<ComparedProfile[]> {
    return this.#shard.compareThese(customers);
  }

  mend(customers: readonly Mended[]): Promise<CustomerId[]> {
    return this.#shard.mend(customers);
  }

  async report(): Promise<ShardReport & { storageBytes: number }> {
    return { ...(await this.#shard.report()), storageBytes: this.ctx.storage.sql.databaseSize };
  }

  unfinished(): Promise<CustomerId[]> {
    return this.#shard.unfinished();
  }

  sweep(): void {
    this.#shard.sweep();
  }

  /** Ends the listeners of a caller that the registry has shut out. */
  shutOut(name: string): void {
    this.#live.shutOut(name);
  }

  /** A listener to one customer; the Worker has checked who listens, and for whom. */
  override async fetch(request: Request): Promise<Response> {
    const response = await this.#live.open(request);
    this.#shard.sweep();
    return response;
  }

  override webSocketClose(socket: WebSocket): void {
    socket.close();
  }

  override alarm(): Promise<void> {
    return this.#shard.alarm();
  }
}
