/**
 * The registry: which connectors and tills there are, and what each proves itself with. A machine over the storage port: in
 * a Durable Object, or in a test. One object for the whole edge: it is asked about callers, not by customers.
 */
import { createSerial } from "@regulars/shared/serial";
import { migrate } from "@regulars/shared/storage/migrate";
import type { Storage } from "@regulars/shared/storage/port";
import { createAccounts } from "./accounts.ts";
import { createApiKeys, type NewKey } from "./api-keys.ts";
import { createEnrolments, type Enrolling } from "./enrolments.ts";
import type { AccountInput, EnrolmentInput } from "./port.ts";
import { REGISTRY_MIGRATIONS } from "./tables.ts";
import { createTills } from "./tills.ts";
import { openVaultOf, type Vault } from "./vault.ts";

export interface RegistryDeps {
  readonly storage: Storage;
  /** What secrets at rest are encrypted under. */
  readonly secret: string;
  /** What they may still be encrypted under; they are not any more once the registry is open. */
  readonly secretAlso?: string | null;
  readonly nowMs: () => number;
}

export function createRegistryMachine({ storage, secret, secretAlso = null, nowMs }: RegistryDeps) {
  const alone = createSerial();
  let opened: Promise<Vault> | null = null;
  const vault = (): Promise<Vault> => (opened ??= openVaultOf(secret, secretAlso));
  const keys = createApiKeys({ storage, nowMs });
  const accounts = createAccounts({ storage, vault, nowMs, keys });
  const enrolments = createEnrolments({ storage, nowMs });
  const tills = createTills({ storage, nowMs });
  return {
    ...accounts,
    ...keys,
    ...tills,
    async open(): Promise<void> {
      await migrate(storage, REGISTRY_MIGRATIONS);
      if (secretAlso !== null) await accounts.sealAnew();
    },
    // What is read decides what is written, so these run one after the other.
    putAccount: (input: AccountInput) => alone(() => accounts.putAccount(input)),
    addKey: (id: string, key: NewKey) => alone(() => keys.addKey(id, key)),
    removeKey: (id: string, keyId: string) => alone(() => keys.removeKey(id, keyId)),
    addEnrolment: (input: EnrolmentInput, codeDigest: string) =>
      alone(() => enrolments.addEnrolment(input, codeDigest)),
    enrol: (enrolling: Enrolling) => alone(() => enrolments.enrol(enrolling)),
    revoke: (source: string) => alone(() => tills.revoke(source)),
  };
}

export type RegistryMachine = ReturnType<typeof createRegistryMachine>;
