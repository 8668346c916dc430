/** Where files of a card processor are taken in: a database with two stores, empty before each test, and a folder. */
import type { Storage } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { SettlementMapping } from "../reconcile/settlement/mapping.ts";
import { emptyDatabase, openFile, temporaryFolder } from "./database.ts";
import { importText, PLAIN_MAPPING, storeStatement } from "./settlement.ts";

/** Of the columns that the plain mapping names. */
export const PLAIN_HEAD = "date,reference,amount,store,batch\n";

/** To be called where a test file begins. What it gives is there once its tests run. */
export function useSettlementDesk() {
  let database: Awaited<ReturnType<typeof openFile>>;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    database = await openFile();
    folder = await temporaryFolder();
  });
  afterAll(async () => {
    await database.close();
    await folder.remove();
  });
  beforeEach(async () => {
    await emptyDatabase(database.storage);
    await database.storage.write([storeStatement("store-1"), storeStatement("store-2")]);
  });
  return {
    get storage(): Storage {
      return database.storage;
    },
    get folder(): string {
      return folder.path;
    },
    /** A file of these lines, read by the plain mapping with what is said of it. */
    take: (lines: readonly string[], mapping: Partial<SettlementMapping> = {}) =>
      importText(database.storage, folder.path, `${PLAIN_HEAD}${lines.join("\n")}\n`, () => ({
        ...PLAIN_MAPPING,
        ...mapping,
      })),
  };
}
