/**
 * A house to measure: the self-hosted edge on workerd and the centre on a file of its own, as processes beside this one, with
 * a shop on the web and the customers that it knows already.
 */
import { rm } from "node:fs/promises";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { findPorts } from "../local/system/ports.ts";
import { openSecrets } from "../local/system/secrets.ts";
import { startSystem } from "../local/system/system.ts";
import { openShop } from "../test/shop.ts";
import { cpuOfGroups } from "./cpu.ts";
import { type Answer, basic, bearer, type Connections, openConnections } from "./http.ts";

export interface House {
  readonly edgePort: number;
  readonly centralToken: string;
  readonly segmentKey: string;
  readonly appKey: string;
  /** For the tills' local APIs. */
  readonly localToken: string;
  readonly tills: readonly Till[];
  /** Processor time that its parts have had so far (ms), by kind: edge, centre. */
  cpuMs(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface Till {
  readonly store: string;
  /** Of its local API. */
  readonly port: number;
}

const FIRST_PORT = 31_000;
const APP = "the-app";

/** `stores`: each with one till, a process of its own. */
export async function openHouse(stores: readonly string[] = []): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), "regulars-bench-"));
  const secrets = await openSecrets(folder);
  const centrePort = await findPorts(2 + 2 * stores.length, FIRST_PORT);
  const edgePort = centrePort + 1;
  const agents = stores.map((store, at) => {
    const port = edgePort + 1 + 2 * at;
    return { source: `${store}-till-1`, store, port, uplinkPort: port + 1 };
  });
  const failed = new AbortController();
  const clear = () => rm(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const system = await startSystem(
      {
        folder,
        place: { zone: "Europe/London", country: "GB", currency: "GBP" },
        centrePort,
        edgePort,
        edgeSettings: { APP_ACCOUNT: APP },
        agents,
      },
      secrets,
      {
        onStart: () => undefined,
        onDeath: (_, sentence) => console.error(sentence),
        onGone: (failure) => failed.abort(failure),
        signal: failed.signal,
      },
    );
    const shop = await openShop(system.edgeUrl, secrets.centralToken, [
      { id: "segment-web", kind: "segment" },
      { id: APP, kind: "app", channel: "app" },
    ]);
    return {
      edgePort,
      centralToken: secrets.centralToken,
      localToken: secrets.localToken,
      tills: agents,
      segmentKey: await shop.keyOf("segment-web", ["segment"]),
      appKey: await shop.keyOf(APP, ["profiles", "profiles:write"]),
      cpuMs() {
        const groups = system.groups();
        const spent = cpuOfGroups(groups.map(({ group }) => group));
        const byKind: Record<string, number> = {};
        for (const { kind, group } of groups) {
          byKind[kind] = (byKind[kind] ?? 0) + (spent.get(group) ?? 0);
        }
        return byKind;
      },
      async stop() {
        await system.stop();
        await clear();
      },
    };
  } catch (error) {
    await clear();
    throw error;
  }
}

export interface Customer {
  /** Of the shop's account. */
  readonly userId: string;
  readonly id: string;
}

const foundSchema = z.object({ customer: z.string() });
const BATCH = 100;

/**
 * Made as a shop makes them: it says who they are, and they are in their profiles when this resolves. `from`: how many were made
 * before.
 */
export async function makeCustomers(house: House, count: number, from = 0): Promise<Customer[]> {
  const connections = openConnections(house.edgePort, 4);
  const names = Array.from({ length: count }, (_, at) => `user-${from + at}`);
  for (let at = 0; at < count; at += BATCH) {
    const batch = names.slice(at, at + BATCH).map((userId) => identifyOf(userId));
    const answer = await connections.ask({
      method: "POST",
      path: "/v1/batch",
      headers: basic(house.segmentKey),
      body: JSON.stringify({ batch }),
    });
    if (answer.status !== 200) throw new Error(`customers were answered with ${answer.status}`);
  }
  const customers: Customer[] = [];
  for (const userId of names)
    customers.push({ userId, id: await idOf(house, connections, userId) });
  connections.close();
  return customers;
}

/** A call of the web shop that says who somebody is. */
export const identifyOf = (userId: string) => ({
  type: "identify",
  messageId: `made-${userId}`,
  userId,
  traits: {
    email: `${userId}@example.com`,
    firstName: "Ada",
    lastName: `Regular ${userId}`,
    address: { street: "12 High Street", city: "Leeds", postalCode: "LS1 1AA", country: "GB" },
  },
});

const FOUND_WITHIN_MS = 60_000;
const FOUND_EVERY_MS = 50;

async function idOf(house: House, connections: Connections, userId: string): Promise<string> {
  const deadline = Date.now() + FOUND_WITHIN_MS;
  for (;;) {
    const answer = await connections.ask({
      method: "POST",
      path: "/v1/customers/lookup",
      headers: bearer(house.centralToken),
      body: JSON.stringify({ email: `${userId}@example.com`, fields: ["identity"] }),
    });
    if (answer.status === 200) return foundSchema.parse(JSON.parse(answer.body)).customer;
    if (Date.now() > deadline) throw new Error(failureOf(answer));
    await wait(FOUND_EVERY_MS);
  }
}

const failureOf = ({ status }: Answer): string =>
  `a customer was not there within ${FOUND_WITHIN_MS / 1_000} seconds (${status})`;

const statusSchema = z.object({
  stores: z.array(
    z.object({
      terminals: z.array(z.object({ accepted: z.int(), merged: z.int(), golden: z.int() })),
      quarantined: z.record(z.string(), z.int()),
    }),
  ),
});

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

export interface Marks {
  readonly accepted: number;
  readonly merged: number;
  readonly golden: number;
  readonly quarantined: number;
}

/** Of all journals together. */
export async function marksOf(house: House, connections: Connections): Promise<Marks> {
  const headers = bearer(house.centralToken);
  const answer = await connections.ask({ path: "/v1/status", headers });
  const { stores } = statusSchema.parse(JSON.parse(answer.body));
  const terminals = stores.flatMap((store) => store.terminals);
  return {
    accepted: sum(terminals.map(({ accepted }) => accepted)),
    merged: sum(terminals.map(({ merged }) => merged)),
    golden: sum(terminals.map(({ golden }) => golden)),
    quarantined: sum(stores.flatMap(({ quarantined }) => Object.values(quarantined))),
  };
}

const GOLDEN_WITHIN_MS = 300_000;
const GOLDEN_EVERY_MS = 250;

/** Until the centre has all of it as well. */
export async function untilGolden(house: House): Promise<void> {
  const connections = openConnections(house.edgePort, 1);
  const deadline = Date.now() + GOLDEN_WITHIN_MS;
  for (;;) {
    const { accepted, golden } = await marksOf(house, connections);
    if (golden === accepted) break;
    if (Date.now() > deadline) throw new Error(`${accepted - golden} events do not become golden`);
    await wait(GOLDEN_EVERY_MS);
  }
  connections.close();
}
