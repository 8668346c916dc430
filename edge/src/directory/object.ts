/** Durable Object around one shard of the directory. */
import { DurableObject } from "cloudflare:workers";
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Policy } from "@regulars/shared/survivorship/policy";
import type { Env } from "../environment.ts";
import { createDurableStorage } from "../storage.ts";
import { type Binding, type ClaimAnswer, createDirectory, type EpochClaim } from "./directory.ts";

export class Directory extends DurableObject<Env> {
  readonly #directory: ReturnType<typeof createDirectory>;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#directory = createDirectory(createDurableStorage(ctx.storage));
    void ctx.blockConcurrencyWhile(() => this.#directory.open());
  }

  lookup(keys: readonly IdentityKey[]): Promise<Binding[]> {
    return this.#directory.lookup(keys);
  }

  bind(wanted: readonly Binding[]): Promise<Binding[]> {
    return this.#directory.bind(wanted);
  }

  stores(): Promise<string[]> {
    return this.#directory.stores();
  }

  claimEpoch(claim: EpochClaim): Promise<ClaimAnswer> {
    return this.#directory.claimEpoch(claim);
  }

  reassign(wanted: readonly Binding[], from: CustomerId): Promise<Binding[]> {
    return this.#directory.reassign(wanted, from);
  }

  policy(): Promise<Policy | null> {
    return this.#directory.policy();
  }

  setPolicy(policy: Policy): Promise<void> {
    return this.#directory.setPolicy(policy);
  }

  assign(decided: readonly Binding[]): Promise<void> {
    return this.#directory.assign(decided);
  }
}
