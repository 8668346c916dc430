/**
 * The registry: which connectors and tills there are, and what each proves itself with. A machine over the storage port: in
 * a Durable Object, or in a test. One object for the whole edge: it is asked about callers, not by customers.
 */
import { createSerial } from "@regulars/shared/serial";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { createAccounts } from "./accounts.ts";
import { REGISTRY_MIGRATIONS } from "./tables.ts";
import { createTills } from "./tills.ts";
import { openVault, type Vault } from "./vault.ts";

export interface RegistryDeps {
  readonly storage: Storage;
  /** What secrets at rest are encrypted under. */
  readonly secret: string;
  readonly nowMs: () => number;
}

export function createRegistryMachine({ storage, secret, nowMs }: RegistryDeps) {
  const alone = createSerial();
  let opened: Promise<Vault> | null = null;
  const vault = (): Promise<Vault> => (opened ??= openVault(secret));
  const accounts = createAccounts({ storage, vault, nowMs });
  const tills = createTills({ storage, nowMs });
  /** What is read decides what is written, so these run one after the other. */
  const inTurn =
    <Args extends unknown[], Value>(task: (...args: Args) => Promise<Value>) =>
    (...args: Args): Promise<Value> =>
      alone(() => task(...args));
  return {
    open: () => migrate(storage, REGISTRY_MIGRATIONS),
    ...accounts,
    putAccount: inTurn(accounts.putAccount),
    addKey: inTurn(accounts.addKey),
    removeKey: inTurn(accounts.removeKey),
    ...tills,
    addEnrolment: inTurn(tills.addEnrolment),
    enrol: inTurn(tills.enrol),
    revoke: inTurn(tills.revoke),
  };
}

export type RegistryMachine = ReturnType<typeof createRegistryMachine>;
