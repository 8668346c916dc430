/** The whole directory in one storage. */
import type { Storage } from "@regulars/shared/storage/port";
import { createDirectory } from "../../edge/src/directory/directory.ts";
import type { DirectoryPort } from "../../edge/src/directory/port.ts";

export function directoryOver(storage: Storage): DirectoryPort {
  const directory = createDirectory(storage);
  type Bindings = Awaited<ReturnType<typeof directory.lookup>>;
  const mapOf = (bound: Bindings) => new Map(bound.map((each) => [each.key, each.customer]));
  return {
    ...directory,
    lookup: async (keys) => mapOf(await directory.lookup(keys)),
    bind: async (wanted) => mapOf(await directory.bind(wanted)),
    reassign: async (wanted, from) => mapOf(await directory.reassign(wanted, from)),
  };
}
