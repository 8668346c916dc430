import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTill, eventsOf, keyOf } from "./testing/till.ts";
import { freePort, temporaryFolder } from "./testing/database.ts";

// Each process takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 90_000 });

const MAIN = new URL("./main.ts", import.meta.url).pathname;
const LOAD_PAGES = new URL("../load-pages.ts", import.meta.url).href;
const { PATH, NODE_COMPILE_CACHE } = process.env;
const SECRETS = {
  REGULARS_CENTRAL_TOKEN: "central-token",
  REGULARS_CONSOLE_PASSWORD: "password of the tests",
  REGULARS_PEPPER: "pepper",
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const children = new Set<ChildProcess>();
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  await folder.remove();
});

function startCentral(port: number, more: string[] = [], secrets: object = SECRETS): ChildProcess {
  const database = `file:${join(folder.path, "central.db")}`;
  const args = ["--database", database, "--port", String(port), "--edge", "http://127.0.0.1:9"];
  const child = spawn(process.execPath, ["--import", LOAD_PAGES, MAIN, ...args, ...more], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { PATH, NODE_COMPILE_CACHE, ...secrets },
  });
  children.add(child);
  return child;
}

async function failureOf(child: ChildProcess): Promise<{ code: unknown; sentence: string }> {
  if (!child.stderr) throw new Error("the process has no standard error to read");
  const exit: Promise<unknown[]> = once(child, "exit");
  const sentence = await text(child.stderr);
  return { code: (await exit)[0], sentence };
}

/** The statuses of signing in, as a browser does, and of the page that follows. */
async function signIn(port: number, password: string): Promise<number[]> {
  const origin = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${origin}/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin },
    body: new URLSearchParams({ name: "console", password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const page = await fetch(`${origin}/`, { redirect: "manual", headers: { cookie, "hx-request": "true" } }); // prettier-ignore
  return [answer.status, page.status];
}

test("the process says when it is ready, serves, and ends in order on a signal or with its parent", async () => {
  const port = await freePort();
  const headers = { authorization: "Bearer central-token" };
  for (const end of [
    (child: ChildProcess) => child.kill("SIGTERM"),
    (child: ChildProcess) => child.disconnect(),
  ]) {
    const child = startCentral(port);
    expect(await once(child, "message")).toMatchObject([{ ready: true, port }, undefined]);
    const health = await fetch(`http://127.0.0.1:${port}/health`);
    expect(health.status).toBe(200);
    const totals = await fetch(`http://127.0.0.1:${port}/v1/totals`, { headers });
    expect(await totals.json()).toMatchObject({ customers: 0 });
    expect(await signIn(port, "wrong")).toEqual([403, 401]);
    expect(await signIn(port, SECRETS.REGULARS_CONSOLE_PASSWORD)).toEqual([303, 200]);
    end(child);
    expect(await once(child, "exit")).toEqual([0, null]);
  }
});

test("SEC2 what the process logs holds no personal data, nor keys of it", async () => {
  const port = await freePort();
  const child = startCentral(port, ["--log-level", "debug"]);
  if (!child.stdout) throw new Error("the process has no output to read");
  const log = text(child.stdout);
  await once(child, "message");
  const till = createTill("till-1");
  const mail = keyOf("email", "ann@example.org");
  const { item } = till.claim({ givenName: "Ann", email: "ann@example.org" }, [mail]);
  const headers = { authorization: "Bearer central-token" };
  for (const body of [JSON.stringify(eventsOf("store-1", [item])), "ann@example.org"]) {
    await fetch(`http://127.0.0.1:${port}/v1/intake/events`, { method: "POST", headers, body });
  }
  child.kill("SIGTERM");
  await once(child, "exit");
  expect(await log).toContain('"msg":"ready"');
  expect(await log).not.toMatch(/ann@example\.org|Ann|central-token|email:/);
});

test("a start that fails ends with one sentence and exit code 1", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : 0;
  const { REGULARS_PEPPER: _pepper, ...withoutPepper } = SECRETS;
  expect(await failureOf(startCentral(taken))).toEqual({
    code: 1,
    sentence: `The port ${taken} is in use by another process.\n`,
  });
  expect(await failureOf(startCentral(taken, [], withoutPepper))).toEqual({
    code: 1,
    sentence: "The environment variable REGULARS_PEPPER is missing or not valid.\n",
  });
  server.close();
});
