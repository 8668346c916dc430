/**
 * SEC2, after a full run: whatever was said of one marked person, in good places and in bad ones, stands in no log, no
 * address, no refusal, no list and no metric of any part. The raw view of a failed item is the one place that shows it.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { customerAnswerSchema } from "../../edge/src/serve/view-schema.ts";
import { request } from "../../local/system/request.ts";
import { type House, openHouse } from "../house.ts";
import { openShop, type Shop } from "../shop.ts";
import { findSqld } from "../storage/sqld.ts";
import { allRead } from "./centre-books.ts";
import { openDesk } from "./desk.ts";
import { runImport } from "./import-process.ts";
import { type Listener, openListener } from "./listener.ts";
import { centreCalls, edgeCalls, tillCalls } from "./marked-calls.ts";
import type { Call } from "./marked-messages.ts";
import { EMAIL, foundIn, PERSON } from "./marks.ts";
import { NOTIFIED, SECRET } from "./platforms.ts";
import { openSquareApi, type SquareApi } from "./square-api.ts";

interface Place {
  readonly where: string;
  readonly text: string;
}

const APP = { id: "the-app", kind: "app" } as const;

describe.skipIf(!findSqld())("a person who is marked", { timeout: 240_000 }, () => {
  let house: House;
  let shop: Shop;
  let toCentre: Listener;
  let alerts: Listener;
  let square: SquareApi;
  let folder: string;
  const keys: Record<string, string> = {};
  const places: Place[] = [];

  beforeAll(async () => {
    process.env["APP_ACCOUNT"] = APP.id;
    folder = await mkdtemp(join(tmpdir(), "regulars-marked-"));
    alerts = await openListener();
    square = await openSquareApi("square-token");
    house = await openHouse(["store-1"], 27_400, {
      logLevel: "debug",
      async centreForEdge(centreUrl) {
        toCentre = await openListener(centreUrl);
        return toCentre.url;
      },
    });
    const secrets = { webhookSecret: SECRET, apiToken: "square-token" };
    const watched = { maxErrorRate: 0.01, alertUrl: `${alerts.url}/alerts` };
    shop = await openShop(house.system.edgeUrl, house.secrets.centralToken, [
      { id: "segment-web", kind: "segment", ...watched },
      { id: "shopify-web", kind: "shopify", secrets, ...watched },
      { id: "square-web", kind: "square", secrets, notificationUrl: NOTIFIED, apiBase: square.url },
      { id: "events-web", kind: "events", ...watched },
      APP,
    ]);
    keys["segment"] = await shop.keyOf("segment-web", ["segment"]);
    keys["events"] = await shop.keyOf("events-web", ["events"]);
    keys["centre"] = house.secrets.centralToken;
    keys["till"] = house.secrets.localToken;
  }, 90_000);

  afterAll(async () => {
    delete process.env["APP_ACCOUNT"];
    await house?.close();
    for (const each of [toCentre, alerts, square]) each?.close();
    if (folder) await rm(folder, { recursive: true });
  });

  /** What is answered with a refusal is kept whole, and of every answer its headers. */
  async function ask(base: string, { path, method = "POST", as, headers = {}, body }: Call) {
    const proof = as === undefined ? {} : { authorization: `Bearer ${keys[as] ?? "nobody"}` };
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { "content-type": "application/json", ...proof, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const where = `${method} ${path.slice(0, 60)} ${response.status}`;
    places.push({ where: `${where} headers`, text: JSON.stringify([...response.headers]) });
    if (response.status < 300 && response.headers.get("content-type")?.startsWith("text/event")) {
      await response.body?.cancel();
      return response.status;
    }
    const text = await response.text();
    // What was taken in with a reason against it is told of in the same answer.
    if (!response.ok || /"failed":/.test(text)) places.push({ where, text });
    return response.status;
  }

  async function show(url: string, token: string): Promise<void> {
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(response.status, `at ${url}`).toBe(200);
    places.push({ where: url, text: await response.text() });
  }

  async function importMarked(): Promise<void> {
    const file = join(folder, "people.ndjson");
    const claim = { kind: "claim", key: EMAIL, at: "2026-05-01T10:00:00Z", customer: PERSON };
    await writeFile(file, `${JSON.stringify(claim)}\n{"email":"${EMAIL}"}\n${EMAIL}\n`);
    const account = join(folder, "account.json");
    const settings = {
      id: "events-web",
      realm: "web",
      zone: "UTC",
      country: "GB",
      currency: "GBP",
    };
    await writeFile(account, JSON.stringify(settings));
    const args = [file, "--format", "ndjson", "--account", "events-web", "--account-file", account];
    const edge = ["--edge", house.system.edgeUrl];
    for (const [more, key] of [
      [edge, keys["events"] ?? ""],
      [edge, EMAIL],
      [["--edge", EMAIL], "rk"],
      [[...edge, `--${EMAIL}`, EMAIL], "rk"],
    ] as const) {
      const { stdout, stderr } = await runImport([...args, ...more], key);
      // What was typed as an option is the typist's own.
      places.push({ where: "import", text: `${stdout}\n${stderr.replaceAll(`--${EMAIL}`, "")}` });
    }
  }

  async function logsOf(): Promise<void> {
    const logs = join(house.folder, "logs");
    for (const name of await readdir(logs)) {
      places.push({ where: `log ${name}`, text: await readFile(join(logs, name), "utf8") });
    }
  }

  test("SEC2: stands in no log, address, refusal, list or metric, nor does a digest that anybody could make", async () => {
    const { edgeUrl, centreUrl } = house.system;
    const till = house.till(0);
    for (const call of tillCalls()) await ask(till.url, call);
    await house.allGolden();
    const headers = { authorization: `Bearer ${keys["centre"]}` };
    const lookup = { headers, body: { email: EMAIL } };
    const url = `${edgeUrl}/v1/customers/lookup`;
    const { customer } = await request(url, customerAnswerSchema, lookup);
    const statuses = new Set<number>();
    for (const call of edgeCalls(customer)) statuses.add(await ask(edgeUrl, call));
    for (const call of centreCalls(customer)) statuses.add(await ask(centreUrl, call));
    expect(
      [...statuses].toSorted((a, b) => a - b),
      "refused in many ways",
    ).toEqual(expect.arrayContaining([200, 202, 400, 401, 403, 404, 422]));
    await importMarked();
    await allRead(house, shop);

    // An edge that comes back looks at its accounts at once, and tells of them.
    const edge = house.system.groups().find(({ kind }) => kind === "edge");
    process.kill(-edge!.group, "SIGKILL");
    await expect
      .poll(() => fetch(`${edgeUrl}/v1/sweep`, { method: "POST", headers }).catch(() => null), {
        timeout: 30_000,
      })
      .toMatchObject({ status: 200 });
    await expect.poll(() => alerts.heard.length, { timeout: 60_000 }).toBeGreaterThan(0);
    await allRead(house, shop);

    const desk = openDesk(house, shop);
    const failed = await desk.failed("shopify-web");
    expect(failed.length).toBeGreaterThan(5);
    for (const path of ["failed", "groups", "health", "privacy"]) {
      await show(`${edgeUrl}/v1/intake/${path}`, keys["centre"] ?? "");
    }
    for (const path of ["/metrics", "/v1/status", "/v1/quarantine", "/health"]) {
      for (const base of [edgeUrl, centreUrl]) await show(`${base}${path}`, keys["centre"] ?? "");
      await show(`${till.url}${path}`, keys["till"] ?? "");
    }
    for (const path of ["/v1/accounts", "/v1/tills"]) {
      await show(`${edgeUrl}${path}`, keys["centre"] ?? "");
    }
    places.push({ where: "calls to the centre", text: toCentre.heard.join("\n") });
    places.push({ where: "calls to Square", text: square.asked.join("\n") });
    places.push({ where: "alerts", text: alerts.heard.join("\n") });
    await logsOf();
    expect(toCentre.heard.length).toBeGreaterThan(0);
    expect(foundIn(places)).toEqual([]);
    // Where it belongs, it is: what was looked for was there to be found.
    const whole = JSON.stringify(await request(url, customerAnswerSchema, lookup));
    expect(foundIn([{ where: "profile", text: whole }])).not.toEqual([]);
  });
});
