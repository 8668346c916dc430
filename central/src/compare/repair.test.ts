/** What the mending of a difference has to do with the checks of store-days. */
import { customerIdOf } from "@regulars/shared/ids";
import { rowsOf } from "@regulars/shared/storage/port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { markDirty } from "../reconcile/dirty.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { createTill, eventsOf, fragmentsOf, keyOf } from "../testing/till.ts";
import type { CentreSide } from "./centre-side.ts";
import { planRepair, repair } from "./repair.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());

const card = keyOf("loyalty", "1001");
const kindsOf = () => rowsOf(central.storage, "select kind, state from exception");

test("GLD2 REC2 golden totals that were derived anew settle what the checks have found of them", async () => {
  const { storage, intake, nowMs } = central;
  const till = createTill("till-1");
  const { item, fragment } = till.sale(500, [card]);
  await central.post("/v1/intake/events", eventsOf("store-1", [item]));
  await central.post("/v1/intake/fragments", fragmentsOf(fragment ? [fragment] : []));
  await storage.write([
    {
      sql: `update customer set activity = '{"totals":{"GBP":{"sales":1,"returns":0,"minor":499}}}'`,
    },
    markDirty([{ store: "store-1", businessDay: "2026-11-21" }], nowMs()),
  ]);
  await central.checked();
  expect(await kindsOf()).toEqual([{ kind: "golden_differs", state: "open" }]);
  const centre: CentreSide = {
    customer: customerIdOf(card), isKnown: true, redirect: null, version: 1, policy: 1, digest: "", marks: "",
    fragments: [], overrides: [], isGolden: false, isTelling: false, state: "",
  }; // prettier-ignore
  const broken = { centre, edge: undefined, what: ["golden_record"] as const };
  const edge = { profiles: never, journal: never, mend: never };
  const deps = { storage, intake, edge, nowMs, onWritten: () => {} };
  await repair(deps, [{ broken, plan: planRepair(broken, new Set()) }], []);
  await central.checked();
  expect(await kindsOf()).toEqual([{ kind: "golden_differs", state: "settled" }]);
});

const never = (): never => {
  throw new Error("nothing differs at the edge");
};
