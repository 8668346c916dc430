/** Source records that are lost: what was made of them holds nobody up, and comes back with them. */
import type { Storage } from "@regulars/shared/storage/port";
import { DEFAULT_POLICY } from "@regulars/shared/survivorship/policy";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { ArrivedRecord } from "../intake/source-record.ts";
import { takeFragments } from "../intake/take-fragments.ts";
import { emptyDatabase, openFile, type TestDatabase } from "../testing/database.ts";
import { MATCHING } from "../testing/matching.ts";
import { visitOf } from "../testing/population.ts";
import { stateOf } from "../testing/state.ts";
import { keyOf } from "../testing/till.ts";
import { createMatchingContext } from "./matching-context.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await openFile();
});
afterAll(() => database.close());
beforeEach(() => emptyDatabase(database.storage));

const rules = { policy: DEFAULT_POLICY, matching: createMatchingContext(MATCHING) };
const take = (storage: Storage, ...records: readonly ArrivedRecord[]) =>
  takeFragments(storage, { records, refused: [] }, rules, 7);

const [ada, bob] = ["ada", "bob"].map((id) => keyOf("user", id)) as [string, string];
const [browser, cart] = ["browser", "cart"].map((id) => keyOf("anonymous", id)) as [string, string];
/** A chain, so that each of them may be what holds others together. */
const chain = [
  visitOf(0, [browser]),
  visitOf(1, [ada, browser]),
  visitOf(2, [ada, cart]),
  visitOf(3, [bob]),
];

/** Somebody new who is filed with two of them. */
const next = visitOf(4, [browser, bob]);

test("IDN2 whichever records are lost, what arrives is taken, and with them again all is as it was", async () => {
  const { storage } = database;
  await take(storage, ...chain, next);
  const whole = await stateOf(storage);
  for (let lost = 1; lost < 2 ** chain.length; lost++) {
    await emptyDatabase(storage);
    await take(storage, ...chain);
    const gone = chain.filter((_, at) => lost & (1 << at));
    await drop(storage, gone);
    await take(storage, next);
    for (const record of gone) await take(storage, record);
    expect({ lost, ...(await stateOf(storage)) }).toEqual({ lost, ...whole });
  }
});

async function drop(storage: Storage, records: readonly ArrivedRecord[]): Promise<void> {
  const args = [JSON.stringify(records.map(({ id }) => id))];
  const these = "(select value from json_each(?))";
  await storage.write([{ sql: `delete from source_record where id in ${these}`, args }]);
}
