/** What the rest of the edge asks of the directory, whichever shard a key lies in. */
import type { CustomerId, IdentityKey } from "@regulars/shared/ids";
import type { Binding } from "./directory.ts";

export interface DirectoryPort {
  lookup(keys: readonly IdentityKey[]): Promise<Map<IdentityKey, CustomerId>>;
  bind(wanted: readonly Binding[]): Promise<Map<IdentityKey, CustomerId>>;
  assign(decided: readonly Binding[]): Promise<void>;
}
