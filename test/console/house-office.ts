/** Head office of a whole house that has three tills in two stores, and tells a webhook of alerts. */
import { once } from "node:events";
import { createServer } from "node:http";
import { expect } from "vitest";
import { z } from "zod";
import { type House, openHouse } from "../house.ts";
import { createAbsentCentre } from "./absent-centre.ts";

/** Tills 0 and 1 stand in store-1, till 2 in store-2. */
export const STORES = ["store-1", "store-1", "store-2"];
const money = z.record(z.string(), z.int());
const storeDaySchema = z.object({
  store: z.string(),
  state: z.string(),
  dueMs: z.int().nullable(),
  waiting: z.array(z.object({ for: z.string() }).loose()),
  figures: z
    .object({
      sales: z.int(),
      returns: z.int(),
      netMinor: money,
      tenders: z.record(z.string(), money),
      overShortMinor: money,
      lateMinor: money,
      root: z.string().nullable(),
    })
    .partial()
    .loose(),
});
const daysSchema = z.object({ storeDays: z.array(storeDaySchema) });
const exceptionSchema = z.object({
  n: z.int(),
  kind: z.string(),
  source: z.string().nullable(),
  seq: z.int().nullable(),
  amountMinor: z.int().nullable(),
  state: z.string(),
});
const oneDaySchema = storeDaySchema.extend({ exceptions: z.array(exceptionSchema) });

/** A check comes some seconds after the last rows. */
export const CHECKED = { timeout: 60_000, interval: 250 };

export const complete = (store: string) => ({
  store,
  state: "complete",
  waiting: [],
  isDue: false,
});

export async function openOffice() {
  const centre = createAbsentCentre();
  /** Signatures of what the webhook was told. */
  const told: string[] = [];
  const listener = createServer((request, response) => {
    told.push(String(request.headers["regulars-signature"]));
    response.end();
  });
  await once(listener.listen(0, "127.0.0.1"), "listening");
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const house = await openHouse(STORES, 25_300, {
    centreForEdge: centre.centreForEdge,
    centreSettings: {
      REGULARS_ALERT_WEBHOOK_URL: `http://127.0.0.1:${address.port}/alerts`,
      REGULARS_ALERT_WEBHOOK_SECRET: "a secret of sixteen letters",
    },
  });
  const standing = async (day: string) =>
    (await house.centre(`store-days?day=${day}`, daysSchema)).storeDays;
  const storeDay = (store: string, day: string) =>
    house.centre(`store-days/${store}/${day}`, oneDaySchema);
  return {
    house,
    told,
    centreLeaves: () => centre.leave(house),
    centreComesBack: () => centre.comeBack(house),
    standing,
    storeDay,
    stateOf: async (day: string) =>
      (await standing(day)).map(({ store, state, waiting, dueMs }) => ({ store, state, waiting, isDue: dueMs !== null })), // prettier-ignore
    /** The exception of this kind in store-1. */
    async asked(day: string, kind: string): Promise<z.infer<typeof exceptionSchema>> {
      const { exceptions } = await storeDay("store-1", day);
      const found = exceptions.find((each) => each.kind === kind);
      if (!found) throw new Error(`nothing of the kind ${kind} was found`);
      return found;
    },
    settle: (csv: string) => settle(house, csv),
    async close() {
      await house.close();
      await centre.close();
      listener.close();
    },
  };
}
export type Office = Awaited<ReturnType<typeof openOffice>>;

async function settle({ system, secrets }: House, csv: string): Promise<void> {
  const query = "name=cards.csv&store=store-1&currency=GBP";
  const answer = await fetch(`${system.centreUrl}/v1/settlement?${query}`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`console:${secrets.consolePassword}`)}` },
    body: csv,
  });
  expect([answer.status, await answer.json()]).toMatchObject([201, { lines: 2 }]);
}
