import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
// oxlint-disable-next-line no-restricted-imports -- one contract for every storage, of whichever tier
import { storageContract } from "../../test/storage/contract.ts";
import { createDurableStorage } from "./storage.ts";

storageContract("SQLite of a Durable Object", (use) => {
  const { DIRECTORY } = env;
  // An object of its own for each test, so each starts empty but for the directory's own tables.
  const stub = DIRECTORY.get(DIRECTORY.newUniqueId());
  return runInDurableObject(stub, async (_object, state) => {
    await use(createDurableStorage(state.storage));
  });
});
