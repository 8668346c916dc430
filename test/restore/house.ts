/** A house with the centre on a file of its own, to be backed up, wiped and restored as a person at the keyboard does. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CaptureAnswer } from "../../local/system/agent-client.ts";
import { createLadderBoard, untilGolden } from "../../local/system/ladder.ts";
import { findPorts } from "../../local/system/ports.ts";
import { ROOT } from "../../local/system/programs.ts";
import { openSecrets } from "../../local/system/secrets.ts";
import { startSystem, type System } from "../../local/system/system.ts";
import { z } from "zod";
import { request } from "../../local/system/request.ts";
import { allCounted } from "../front-door/centre-books.ts";
import { sale } from "../house.ts";
import { openShop, type Shop } from "../shop.ts";

const STORES = ["store-1", "store-1", "store-2"];
const run = promisify(execFile);
const foundSchema = z.object({ results: z.array(z.object({ customer: z.string() })) });

export interface WipedHouse {
  readonly folder: string;
  /** The file of the centre. */
  readonly database: string;
  readonly system: System;
  readonly centralToken: string;
  capture(at: number, customer: Parameters<typeof sale>[1], pence?: number): Promise<CaptureAnswer>;
  /** Twelve sales of customers, twelve of nobody, two customers who turn out to be one, two web customers. */
  trade(round: string): Promise<void>;
  /** All that tills and web shop have. */
  allGolden(): Promise<void>;
  /** Customers whom a till finds without asking the edge. */
  namesAt(at: number, query: string): Promise<string[]>;
  command(name: "backup" | "restore", ...args: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export async function openWipedHouse(firstPort: number): Promise<WipedHouse> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-restore-"));
  const secrets = await openSecrets(folder);
  const first = await findPorts(2 + 2 * STORES.length, firstPort);
  const stop = new AbortController();
  const system = await startSystem(
    {
      folder,
      place: { zone: "Europe/London", country: "GB", currency: "GBP" },
      centrePort: first,
      edgePort: first + 1,
      agents: STORES.map((store, at) => ({
        source: `till-${at + 1}`,
        store,
        port: first + 2 + at,
        uplinkPort: first + 2 + STORES.length + at,
      })),
    },
    secrets,
    {
      onStart: () => undefined,
      onDeath: () => undefined,
      onGone: (failure) => stop.abort(failure),
      signal: stop.signal,
    },
  );
  const shop = await openShop(system.edgeUrl, secrets.centralToken, [
    { id: "segment-web", kind: "segment" },
  ]);
  const key = await shop.keyOf("segment-web", ["segment"]);
  const capture: WipedHouse["capture"] = (at, customer, pence = 100) =>
    system.agents[at]!.client.capture(sale(pence, customer));
  const allGolden = async () => {
    await untilGolden(createLadderBoard(system.agents), stop.signal, () => undefined);
    await allCounted({ secrets }, shop);
  };
  return {
    folder,
    database: join(folder, "centre", "centre.db"),
    system,
    centralToken: secrets.centralToken,
    capture,
    async trade(round) {
      const anna = { loyaltyNumber: "4711", email: "anna@example.com", givenName: "Anna" };
      const known = [{ email: `${round}@example.com` }, anna, { phone: "020 7946 0001" }];
      for (let n = 0; n < 12; n++) {
        await capture(n % 3, known[n % known.length], 100 + n);
        await capture(n % 3, undefined, 7);
      }
      await capture(0, { loyaltyNumber: `card-${round}` });
      await capture(2, { email: `card-${round}@example.com` });
      await capture(1, { loyaltyNumber: `card-${round}`, email: `card-${round}@example.com` });
      await identify(shop, key, round);
      await allGolden();
    },
    allGolden,
    async namesAt(at, query) {
      const headers = { authorization: `Bearer ${secrets.localToken}` };
      const body = { query, remote: false };
      const url = `${system.agents[at]!.url}/v1/lookup`;
      const { results } = await request(url, foundSchema, { headers, body });
      return results.map(({ customer }) => customer);
    },
    async command(name, ...args) {
      await run(process.execPath, [join(ROOT, `local/${name}.ts`), ...args], { cwd: ROOT });
    },
    async close() {
      await system.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function identify(shop: Shop, key: string, round: string): Promise<void> {
  for (const n of ["1", "2"]) {
    const traits = { email: `${round}@example.com`, firstName: `Web ${n}` };
    const body = JSON.stringify({ userId: `${round}-${n}`, messageId: `${round}-${n}`, traits });
    const headers = { authorization: `Basic ${btoa(`${key}:`)}` };
    const { status } = await shop.send("/v1/identify", { method: "POST", headers, body });
    if (status !== 200) throw new Error(`the web shop was answered with ${status}`);
  }
}
