/**
 * The whole house for tests: real agents, real workerd, and the centre on a real libSQL server, with what an associate, an app
 * and head office ask of it. One place, so that a test says what happens and not how it is sent.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profileContentSchema, profileSchema } from "@regulars/shared/survivorship/profile";
import { z } from "zod";
import type {
  CaptureAnswer,
  CaptureRequest,
  ReceiptRequest,
} from "../local/system/agent-client.ts";
import { createLadderBoard, untilGolden } from "../local/system/ladder.ts";
import { findPorts } from "../local/system/ports.ts";
import { request } from "../local/system/request.ts";
import { openSecrets, type Secrets } from "../local/system/secrets.ts";
import { type Agent, startSystem, type System } from "../local/system/system.ts";
import { findSqld, startSqld } from "./storage/sqld.ts";

const lookupSchema = z.object({
  results: z.array(
    z.object({ customer: z.string(), profile: profileContentSchema, pending: z.int() }),
  ),
});
export type Found = z.infer<typeof lookupSchema>["results"][number];

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const TELL = { onStart: () => undefined, onDeath: () => undefined };

export interface House {
  readonly system: System;
  /** With the data of each part, and what they have logged in `logs`. */
  readonly folder: string;
  readonly secrets: Secrets;
  readonly databaseUrl: string;
  till(at: number): Agent;
  capture(at: number, input: CaptureRequest): Promise<CaptureAnswer>;
  /** At a till; `remote` asks the edge where the till knows nobody. */
  lookUp(at: number, query: string, remote?: boolean): Promise<Found[]>;
  /** At the edge, as an app reads it. */
  profile(customer: string): Promise<z.infer<typeof profileSchema>>;
  /** At the edge, by what somebody says of themselves. */
  lookUpAtEdge(identifiers: Record<string, string>): Promise<z.infer<typeof profileSchema>>;
  /** Head office: with a body by POST. */
  centre<Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: unknown,
  ): Promise<z.infer<Schema>>;
  allGolden(): Promise<void>;
  close(): Promise<void>;
}

export interface HouseOptions {
  /** Given where the centre will be, says where the edge is told that it is. */
  readonly centreForEdge?: (centreUrl: string) => Promise<string>;
  /** Settings of the edge that are not those of wrangler.toml. */
  readonly edgeSettings?: Readonly<Record<string, string>>;
  /** Settings of the centre beside its secrets. */
  readonly centreSettings?: Readonly<Record<string, string>>;
  readonly logLevel?: "warn" | "debug";
}

/** A till for each name of a store: two tills stand in one that is named twice. */
export async function openHouse(
  stores: readonly string[],
  firstPort: number,
  { centreForEdge, edgeSettings = {}, centreSettings = {}, logLevel = "warn" }: HouseOptions = {},
): Promise<House> {
  const binary = findSqld();
  if (!binary) throw new Error("skipped without a libSQL server");
  const folder = await mkdtemp(join(tmpdir(), "regulars-house-"));
  const stop = new AbortController();
  const sqld = await startSqld(binary);
  const clear = async () => {
    await sqld.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const secrets = await openSecrets(folder);
  const first = await findPorts(2 + 2 * stores.length, firstPort);
  const agents = stores.map((store, at) => ({
    source: `till-${at + 1}`,
    store,
    port: first + 2 + at,
    uplinkPort: first + 2 + stores.length + at,
  }));
  const believed = await centreForEdge?.(`http://127.0.0.1:${first}`);
  const system = await startSystem(
    {
      folder,
      logLevel,
      ...(believed === undefined ? {} : { centreForEdge: believed }),
      place: { zone: "Europe/London", country: "GB", currency: "GBP" },
      centrePort: first,
      edgePort: first + 1,
      edgeSettings,
      centreSettings,
      database: sqld.url,
      agents,
    },
    secrets,
    { ...TELL, onGone: (failure) => stop.abort(failure), signal: stop.signal },
  ).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  const till = (at: number): Agent => system.agents[at]!;
  const office = { authorization: `Basic ${btoa(`console:${secrets.consolePassword}`)}` };
  const edge = `${system.edgeUrl}/v1/customers`;
  return {
    system,
    folder,
    secrets,
    databaseUrl: sqld.url,
    till,
    capture: (at, input) => till(at).client.capture(input),
    async lookUp(at, query, remote = false) {
      const headers = bearer(secrets.localToken);
      const body = { query, remote };
      return (await request(`${till(at).url}/v1/lookup`, lookupSchema, { headers, body })).results;
    },
    profile: (customer) =>
      request(`${edge}/${customer}/stored`, profileSchema, {
        headers: bearer(secrets.centralToken),
      }),
    async lookUpAtEdge(identifiers) {
      const headers = bearer(secrets.centralToken);
      const schema = z.object({ customer: z.string() });
      const { customer } = await request(`${edge}/lookup`, schema, { headers, body: identifiers });
      return request(`${edge}/${customer}/stored`, profileSchema, { headers });
    },
    centre: (path, schema, body) =>
      request(`${system.centreUrl}/v1/${path}`, schema, { headers: office, body }),
    allGolden: () => untilGolden(createLadderBoard(system.agents), stop.signal, () => undefined),
    async close() {
      await system.stop();
      await clear();
    },
  };
}

export const sale = (pence: number, customer?: Record<string, unknown>): ReceiptRequest => ({
  kind: "sale",
  lines: [{ sku: "tea", quantity: "1", amountMinor: pence }],
  ...(customer ? { customer } : {}),
});
