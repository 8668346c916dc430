import { expect, test } from "vitest";
import { Unavailable } from "../system/request.ts";
import type { ShopClient, ShopMessage } from "../system/shop-client.ts";
import type { Agent } from "../system/system.ts";
import { createDay } from "./day.ts";
import { createDrawers } from "./drawers.ts";
import { createTown } from "./people.ts";
import { STORES, ZONE } from "./plan.ts";
import { playDay } from "./play-day.ts";
import { createWebDay } from "./web-day.ts";

const town = createTown({ seed: 1, people: 50, stores: STORES.length });
const options = { day: 1, firstDay: "2026-03-01", zone: ZONE, stores: STORES, sales: 60 };
const day = createDay(town, options);
const drawers = createDrawers(town.seed, day, options);
const errandKeys = drawers.errands.map(({ capture }) => capture.idempotencyKey);

const webDay = createWebDay(town, { day: 1, firstDay: "2026-03-01", zone: ZONE });
const idsOf = (messages: readonly ShopMessage[]) => messages.map((each) => each["messageId"]);
const webMessages = webDay.actions.flatMap(({ messages }) => messages);

/** A web shop whose edge is away now and then. */
function createShop() {
  const sent: unknown[] = [];
  const consents: string[] = [];
  let calls = 0;
  const shop: ShopClient = {
    async send(messages) {
      if (calls++ % 3 === 1) throw new Unavailable("the edge does not answer");
      sent.push(...idsOf(messages));
    },
    consent: async (_userId, id) => void consents.push(id),
    health: () => Promise.reject(new Error("not asked")),
  };
  return { shop, sent, consents };
}

function createAgents() {
  const keys: string[] = [];
  const agents = STORES.flat().map(({ source, store }): Agent => {
    let isCut = false;
    return {
      source,
      store,
      port: 0,
      uplinkPort: 0,
      url: "",
      uplink: {
        port: 0,
        isCut: () => isCut,
        cut: async () => void (isCut = true),
        restore: async () => void (isCut = false),
      },
      client: {
        async capture({ idempotencyKey }) {
          const seq = keys.push(String(idempotencyKey));
          const flags = seq === 1 ? ["doubtful_field"] : [];
          return { epoch: 1, seq, receipt: null, hash: "", flags, repeated: false };
        },
        status: () => Promise.reject(new Error("not asked")),
        journal: () => Promise.reject(new Error("not asked")),
        shift: () => Promise.reject(new Error("not asked")),
        zReport: () => Promise.reject(new Error("not asked")),
        day: () => Promise.reject(new Error("not asked")),
      },
    };
  });
  return { agents, keys };
}

async function play(fromMinute: number, outage = { store: "store-2", from: 690, to: 900 }) {
  const { agents, keys } = createAgents();
  const { shop, sent, consents } = createShop();
  const minutes: number[] = [];
  const played = await playDay({
    day,
    errands: drawers.errands,
    webDay,
    agents,
    shop,
    outage,
    fromMinute,
    minutesPerSecond: 100_000,
    signal: new AbortController().signal,
    onMinute: (minute) => minutes.push(minute),
  });
  return { played, keys, minutes, agents, sent, consents };
}

test("a day is played at its tills, every action once, and its time only goes forward", async () => {
  const { played, keys, minutes, agents } = await play(0);
  expect(keys.toSorted()).toEqual([...day.truth.keys(), ...errandKeys].toSorted());
  expect(played).toMatchObject({ captures: day.actions.length, doubtful: 1 });
  expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
  expect(agents.some(({ uplink }) => uplink.isCut())).toBe(false);
});

test("CAP6 a day that goes on in the evening sends the morning again, under the same keys", async () => {
  const { keys, played } = await play(17 * 60);
  expect(new Set(keys)).toEqual(new Set([...day.truth.keys(), ...errandKeys]));
  expect(played.offline).toBe(0);
});

test("the web shop sends all of its day, in order and also during the outage, and again what it cannot be sure of", async () => {
  for (const fromMinute of [0, 17 * 60]) {
    const { sent, consents } = await play(fromMinute);
    expect(sent).toEqual(idsOf(webMessages));
    expect(consents).toEqual(webDay.actions.flatMap(({ app }) => (app ? [app.id] : [])));
  }
});
