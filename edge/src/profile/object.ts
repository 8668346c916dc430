/** Durable Object around one shard of the profiles: its storage, its alarm, and live streams. */
import { DurableObject } from "cloudflare:workers";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { LIMITS } from "@regulars/shared/limits";
import type { Override } from "@regulars/shared/survivorship/override";
import { DEFAULT_POLICY, type Policy } from "@regulars/shared/survivorship/policy";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { backgroundOf } from "../background.ts";
import { createCentral } from "../central.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { parseOwn } from "../own-json.ts";
import { createDurableStorage } from "../storage.ts";
import { createStores } from "../stores.ts";
import { createLive } from "./live.ts";
import type { Arriving, Leaving } from "./move.ts";
import type { Scope } from "./markers.ts";
import type { MergeOutcome, MergeUpdate, Standing } from "./port.ts";
import type { ShardReport } from "./report.ts";
import { createProfileShard, type ProfileShardMachine, type ReadAnswer } from "./shard.ts";

export class ProfileShard extends DurableObject<Env> {
  readonly #shard: ProfileShardMachine;
  readonly #live = createLive();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#shard = createProfileShard({
      ...backgroundOf(ctx),
      storage: createDurableStorage(ctx.storage),
      policy: DEFAULT_POLICY,
      quietNoticeMs: LIMITS.quietNoticeMs,
      stores: createStores(env),
      central: createCentral(env),
      onChanged: (profiles) => this.#live.publish(profiles),
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

  setGolden(customer: CustomerId, version: number): Promise<CustomerId | null> {
    return this.#shard.setGolden(customer, version);
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

  async report(): Promise<ShardReport & { storageBytes: number }> {
    return { ...(await this.#shard.report()), storageBytes: this.ctx.storage.sql.databaseSize };
  }

  sweep(): void {
    this.#shard.sweep();
  }

  /** Live changes of one customer as Server-Sent Events; the Worker has checked who asks and for whom. */
  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const customer = url.searchParams.get("customer") ?? "";
    const answer = await this.#shard.read(customer);
    const profile = answer && "profile" in answer ? parseOwn<Profile>(answer.profile) : null;
    const seen = Number(request.headers.get("last-event-id") ?? 0);
    return this.#live.open(customer, profile && profile.version > seen ? profile : null);
  }

  override alarm(): Promise<void> {
    return this.#shard.alarm();
  }
}
