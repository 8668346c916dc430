/** Durable Object around the intake of one shop: its storage, its alarm, and what is outside of it. */
import { DurableObject } from "cloudflare:workers";
import type { Account } from "@regulars/shared/connect/account";
import { backgroundOf } from "../background.ts";
import { type Env, settingsOf } from "../environment.ts";
import { logError } from "../log.ts";
import { createRegistry } from "../registry/known.ts";
import { createDurableStorage } from "../storage.ts";
import { inboxOf } from "../stubs.ts";
import type { FailedAsk } from "./desk.ts";
import { createIntake, type IntakeMachine } from "./intake.ts";
import { MAPPERS } from "./platforms.ts";
import type { IntakePort, ReceiveAnswer, ReceivedItem, TakenOrder } from "./port.ts";
import type { ReplayAsk } from "./replay.ts";
import { verifyKept } from "./verify.ts";

type Answer<Name extends keyof IntakeMachine> = ReturnType<IntakeMachine[Name]>;

/** An alarm may wake an object without its name, so it is written down. */
function shopOf({ id, storage }: DurableObjectState): string {
  const shop = id.name ?? storage.kv.get<string>("shop");
  if (shop === undefined) throw new Error("an intake is found by the name of its shop");
  if (storage.kv.get("shop") !== shop) storage.kv.put("shop", shop);
  return shop;
}

export class Intake extends DurableObject<Env> implements IntakePort {
  readonly #intake: IntakeMachine;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const shop = shopOf(ctx);
    this.#intake = createIntake({
      ...backgroundOf(ctx),
      storage: createDurableStorage(ctx.storage),
      shop,
      pepper: settingsOf(env).REGULARS_PEPPER,
      mappers: MAPPERS,
      verify: verifyKept,
      accountOf: (id) => createRegistry(env).accountOf(id),
      inbox: {
        push: (push) => inboxOf(env, shop).push(push, false),
        needsOf: (source) => inboxOf(env, shop).needsOf(source),
      },
      fetch: (request) => fetch(request),
      onError: (what, error) => logError(`intake ${what}`, error),
    });
    void ctx.blockConcurrencyWhile(() => this.#intake.open());
  }

  receive(account: Account, items: readonly ReceivedItem[]): Promise<ReceiveAnswer | null> {
    return this.#intake.receive(account, items);
  }

  taken(orders: readonly TakenOrder[]): Promise<void> {
    return this.#intake.taken(orders);
  }

  failed(ask: FailedAsk): Answer<"failed"> {
    return this.#intake.failed(ask);
  }

  groups(): Answer<"groups"> {
    return this.#intake.groups();
  }

  show(n: number): Answer<"show"> {
    return this.#intake.show(n);
  }

  replay(ask: ReplayAsk): Answer<"replay"> {
    return this.#intake.replay(ask);
  }

  drop(item: number, reason: string): Answer<"drop"> {
    return this.#intake.drop(item, reason);
  }

  privacy(): Answer<"privacy"> {
    return this.#intake.privacy();
  }

  closePrivacy(n: number): Answer<"closePrivacy"> {
    return this.#intake.closePrivacy(n);
  }

  health(): Answer<"health"> {
    return this.#intake.health();
  }

  sweep(): void {
    this.#intake.sweep();
  }

  override alarm(): Promise<void> {
    return this.#intake.alarm();
  }
}
