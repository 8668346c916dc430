/** Each example is run as its header says, on real parts: two tills, an edge, and an app that hears of both. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { eventsIn } from "../../client/src/sse.ts";
import { findPorts } from "../../local/system/ports.ts";
import { ROOT } from "../../local/system/programs.ts";
import { type House, openHouse } from "../house.ts";
import { type IdentityProvider, openIdentityProvider } from "../identity-provider.ts";
import { openShop } from "../shop.ts";
import { findSqld } from "../storage/sqld.ts";

const run = promisify(execFile);
const EXAMPLES = join(ROOT, "examples");
const EMAIL = "ada@example.com";

test("node-pos.ts sells and greets without a network, and knows its customer the next day", async () => {
  const folder = await mkdtemp(join(tmpdir(), "regulars-pos-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  for (let day = 1; day <= 2; day++) {
    const { stdout } = await run(process.execPath, [join(EXAMPLES, "node-pos.ts"), folder]);
    said.push(...stdout.trim().split("\n"));
  }
  expect(said).toEqual([
    "receipt till-1-1-000001",
    'known as "Ada", 1 sales',
    "receipt till-1-1-000002",
    'known as "Ada", 2 sales',
  ]);
});

describe.skipIf(!findSqld())("examples in a whole house", { timeout: 60_000 }, () => {
  let house: House;
  let idp: IdentityProvider;

  beforeAll(async () => {
    idp = await openIdentityProvider("web");
    const edgeSettings = { ...idp.settings, APP_ACCOUNT: "the-app" };
    house = await openHouse(["store-1"], 27_720, { edgeSettings });
    const { system, secrets } = house;
    const shop = await openShop(system.edgeUrl, secrets.centralToken, [
      { id: "the-app", kind: "app" },
      { id: "the-shop", kind: "segment" },
    ]);
    // Ada has an account with the web shop: her token will name it.
    await shop.send("/v1/identify", {
      method: "POST",
      headers: {
        authorization: `Bearer ${await shop.keyOf("the-shop", ["segment"])}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ userId: "ada", messageId: "m1", traits: { email: EMAIL } }),
    });
  }, 90_000);

  afterAll(async () => {
    await house?.close();
    await idp?.close();
  });

  async function sellByCurl(): Promise<string[]> {
    const env = { ...process.env, REGULARS_LOCAL_TOKEN: house.secrets.localToken };
    const args = [house.till(0).url, EMAIL];
    const { stdout } = await run(join(EXAMPLES, "till.sh"), args, { env });
    return stdout.trim().split("\n");
  }

  test("till.sh sells through an agent by curl; mobile-app shows it live, and what is switched there", async () => {
    expect(await sellByCurl()).toEqual(["receipt till-1-1-000001", "known as Ada, 1 sales"]);
    await house.allGolden(); // the sale and the account are one customer

    const app = await startApp(await idp.tokenOf({ sub: "ada" }), house.system.edgeUrl);
    const page = await (await fetch(app)).text();
    expect(page).toContain('<script type="module" src="/app.js">');
    for (const part of ["/app.js", "/style.css"]) {
      expect((await fetch(`${app}${part}`)).status).toBe(200);
    }
    const shown = await listen(`${app}/live`);
    expect(await shown.until(({ sales }) => sales === 1)).toMatchObject({ name: "Ada" });

    expect((await sellByCurl())[1]).toBe("known as Ada, 2 sales");
    expect(await shown.until(({ sales }) => sales === 2)).toMatchObject({ email: undefined });

    const body = JSON.stringify({ purpose: "marketing", channel: "email", state: "granted" });
    expect((await fetch(`${app}/consent`, { method: "POST", body })).status).toBe(200);
    await shown.until(({ email }) => email === "granted");
  });
});

/** The address that it says is open. */
async function startApp(token: string, edgeUrl: string): Promise<string> {
  const port = await findPorts(1, 27_740);
  const args = [join(EXAMPLES, "mobile-app/server.ts"), "--edge", edgeUrl, "--port", String(port)];
  const app: ChildProcess = spawn(process.execPath, args, {
    env: { ...process.env, REGULARS_CUSTOMER_TOKEN: token },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void app.kill("SIGKILL"));
  for await (const line of createInterface({ input: app.stdout! })) {
    const address = /http:\/\/\S+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error("the app has ended");
}

/** The part of what the page is told that the test looks at. */
const shownSchema = z
  .object({
    profile: z.object({
      identity: z.object({ givenName: z.string().optional() }).optional(),
      purchases: z
        .object({ totals: z.record(z.string(), z.object({ sales: z.int() })) })
        .optional(),
      consents: z.record(z.string(), z.object({ state: z.string() })).optional(),
    }),
  })
  .transform(({ profile: { identity, purchases, consents } }) => ({
    name: identity?.givenName,
    sales: purchases?.totals["GBP"]?.sales,
    email: consents?.["marketing/email"]?.state,
  }));
type Shown = z.infer<typeof shownSchema>;

async function listen(url: string) {
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const { body } = await fetch(url, { signal: over.signal });
  const events = eventsIn(body!, over.signal);
  return {
    /** The first of what is shown from now on that is so. */
    async until(isSo: (shown: Shown) => boolean): Promise<Shown> {
      for (;;) {
        const heard = await events.next();
        if (heard.done === true) throw new Error("the app has stopped telling");
        const shown = shownSchema.parse(heard.value.data);
        if (isSo(shown)) return shown;
      }
    },
  };
}
