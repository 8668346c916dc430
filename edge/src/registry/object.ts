/** Durable Object around the registry. */
import { DurableObject } from "cloudflare:workers";
import type { Account } from "@regulars/shared/connect/account";
import { type Env, settingsOf } from "../environment.ts";
import { createDurableStorage } from "../storage.ts";
import type { NewKey } from "./api-keys.ts";
import type { EnrolAnswer, Enrolling } from "./enrolments.ts";
import type {
  AccountInput,
  AccountView,
  AccountWithSecrets,
  ApiKeyView,
  EnrolledTill,
  EnrolmentInput,
  KnownKey,
  TillView,
} from "./port.ts";
import { createRegistryMachine, type RegistryMachine } from "./registry.ts";

export class Registry extends DurableObject<Env> {
  readonly #registry: RegistryMachine;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const settings = settingsOf(env);
    this.#registry = createRegistryMachine({
      storage: createDurableStorage(ctx.storage),
      secret: settings.REGULARS_EDGE_SECRET,
      secretAlso: settings.REGULARS_EDGE_SECRET_ALSO,
      nowMs: () => Date.now(),
    });
    void ctx.blockConcurrencyWhile(() => this.#registry.open());
  }

  accountOf(id: string): Promise<AccountWithSecrets | null> {
    return this.#registry.accountOf(id);
  }

  accounts(): Promise<Account[]> {
    return this.#registry.accounts();
  }

  accountViews(): Promise<AccountView[]> {
    return this.#registry.accountViews();
  }

  accountView(id: string): Promise<AccountView | null> {
    return this.#registry.accountView(id);
  }

  putAccount(input: AccountInput): Promise<AccountView | null> {
    return this.#registry.putAccount(input);
  }

  addKey(id: string, key: NewKey): Promise<ApiKeyView | null> {
    return this.#registry.addKey(id, key);
  }

  removeKey(id: string, keyId: string): Promise<boolean> {
    return this.#registry.removeKey(id, keyId);
  }

  keyOf(keyId: string, digest: string): Promise<KnownKey | null> {
    return this.#registry.keyOf(keyId, digest);
  }

  addEnrolment(input: EnrolmentInput, codeDigest: string): Promise<number> {
    return this.#registry.addEnrolment(input, codeDigest);
  }

  enrol(enrolling: Enrolling): Promise<EnrolAnswer> {
    return this.#registry.enrol(enrolling);
  }

  tills(): Promise<TillView[]> {
    return this.#registry.tills();
  }

  tillOf(source: string): Promise<EnrolledTill | null> {
    return this.#registry.tillOf(source);
  }

  seen(source: string): Promise<void> {
    return this.#registry.seen(source);
  }

  revoke(source: string): Promise<readonly string[] | null> {
    return this.#registry.revoke(source);
  }
}
