/** Durable Object around one shard of the profiles: live streams, and rounds that go on in the background. */
import { DurableObject } from "cloudflare:workers";
import { LIMITS } from "@regulars/shared/limits";
import { migrate } from "@regulars/shared/storage/migrate";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import type { Profile } from "@regulars/shared/survivorship/profile";
import { backgroundOf, createBackground, type RoundResult } from "../background.ts";
import { createCentral } from "../central.ts";
import type { Env } from "../environment.ts";
import { logError } from "../log.ts";
import { parseOwn } from "../own-json.ts";
import { createDurableStorage } from "../storage.ts";
import { inboxOf } from "../stubs.ts";
import { deliverRound } from "./deliver.ts";
import { createLive } from "./live.ts";
import { notifyRound, type StoresPort } from "./notify.ts";
import type { MergeOutcome, MergeUpdate } from "./port.ts";
import type { Leaving } from "./move.ts";
import { createProfileShard, type ProfileShardMachine, type ReadAnswer } from "./shard.ts";
import { PROFILE_MIGRATIONS } from "./tables.ts";

const again = (waiting: boolean): RoundResult => (waiting ? "again" : "idle");

export class ProfileShard extends DurableObject<Env> {
  readonly #shard: ProfileShardMachine;
  readonly #background: ReturnType<typeof createBackground>;
  readonly #live = createLive();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const storage = createDurableStorage(ctx.storage);
    const central = createCentral(env);
    this.#shard = createProfileShard({
      storage,
      policy: DEFAULT_POLICY,
      onChanged: (profiles) => this.#live.publish(profiles),
    });
    const stores: StoresPort = {
      changed: (store, changes) => inboxOf(env, store).changed(changes),
    };
    this.#background = createBackground(
      {
        ...backgroundOf(ctx),
        onError: (round, error) => logError(`profile ${round}`, error),
      },
      {
        notify: {
          gapMs: LIMITS.notifyGapMs,
          run: async () => again(await notifyRound(storage, stores)),
        },
        deliver: {
          gapMs: LIMITS.deliverGapMs,
          run: async () => again(await deliverRound(storage, central)),
        },
      },
    );
    void ctx.blockConcurrencyWhile(() => migrate(storage, PROFILE_MIGRATIONS));
  }

  merge(updates: readonly MergeUpdate[]): Promise<MergeOutcome[]> {
    return this.#thenKick(this.#shard.merge(updates));
  }

  /** The stored profile; with a store, that store keeps the customer in its working set from now on. */
  async read(customer: CustomerId, store?: string): Promise<ReadAnswer> {
    if (store !== undefined) await this.#thenKick(this.#shard.addInterest(customer, store));
    return this.#shard.read(customer);
  }

  setGolden(customer: CustomerId, version: number): Promise<CustomerId | null> {
    return this.#thenKick(this.#shard.setGolden(customer, version));
  }

  leave(from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<Leaving> {
    return this.#shard.leave(from, key, to);
  }

  arrive(to: CustomerId, leaving: Leaving): Promise<void> {
    return this.#thenKick(this.#shard.arrive(to, leaving));
  }

  left(from: CustomerId, key: IdentityKey | null, to: CustomerId): Promise<void> {
    return this.#thenKick(this.#shard.left(from, key, to));
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
    return this.#background.alarm();
  }

  async #thenKick<Value>(work: Promise<Value>): Promise<Value> {
    const value = await work;
    this.#background.kick();
    return value;
  }
}
