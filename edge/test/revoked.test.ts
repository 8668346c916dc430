/** Whoever is shut out while connections of theirs are open: they end within a second, and nothing more comes through (SEC1). */
import { reset, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import { parseApiKey } from "../src/access/api-key.ts";
import { registryStub } from "../src/stubs.ts";
import { apiKey, call, CENTRE, tillToken } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

const WITHIN_MS = 1_000;

/** Another one in each test: an object with a listener may outlive the end of its test. */
let card = "";
let source = "";
let store = "";
let tests = 0;

beforeEach(() => {
  tests += 1;
  [card = ""] = keysOf({ loyaltyNumber: `90${tests}` });
  source = `till-${tests}`;
  store = `store-${tests}`;
});
afterEach(() => reset());

/** Sales of a till that nobody shuts out. */
function openSales() {
  const till = openTill(`${source}-other`, store);
  return async (): Promise<void> => {
    const item = till.capture([card], sale(1));
    await inbox(store).push(till.push([item]));
    await until(
      () => pullAll(store, `${source}-other`),
      ({ marks }) => marks.merged >= item.seq,
    );
  };
}

interface Line {
  /** When a message came that says something. */
  readonly heardMs: number[];
  readonly closed: Promise<{ readonly code: number; readonly atMs: number }>;
  isClosed: boolean;
}

async function open(path: string, token: string, isWord: (text: string) => boolean): Promise<Line> {
  const headers = { authorization: `Bearer ${token}`, upgrade: "websocket" };
  const { webSocket: socket, status } = await exports.default.fetch(`https://edge.test${path}`, {
    headers,
  });
  if (!socket) throw new Error(`no socket, but ${status}`);
  const heardMs: number[] = [];
  socket.addEventListener("message", ({ data }) => {
    if (isWord(String(data))) heardMs.push(Date.now());
  });
  const closed = new Promise<{ code: number; atMs: number }>((done) =>
    socket.addEventListener("close", ({ code }) => done({ code, atMs: Date.now() })),
  );
  const line = { heardMs, closed, isClosed: false };
  void closed.then(() => (line.isClosed = true));
  socket.accept();
  await until(
    () => Promise.resolve(heardMs.length),
    (heard) => heard > 0,
  );
  return line;
}

const isProfile = (text: string): boolean => text.startsWith('{"event":"profile"');
const live = (token: string) => open(`/v1/customers/${customerIdOf(card)}/live`, token, isProfile);
const poke = (token: string) =>
  open(`/v1/poke?store=${store}&source=${source}`, token, (text) => text === "poke");

const endKey = (key: string, account: string) =>
  call("DELETE", `/v1/accounts/${account}/keys/${parseApiKey(key)?.id}`, CENTRE);

/** Changes the profile until the line is closed, and proves when that was and that nothing came later than it may. */
async function expectEnded(line: Line, revokedMs: number, sell: () => Promise<void>) {
  while (!line.isClosed && Date.now() - revokedMs < 5 * WITHIN_MS) await sell();
  const { code, atMs } = await line.closed;
  expect(code).toBe(4401);
  expect(atMs - revokedMs).toBeLessThanOrEqual(WITHIN_MS);
  const lastMs = line.heardMs.at(-1) ?? 0;
  expect(lastMs - revokedMs).toBeLessThanOrEqual(WITHIN_MS);
  const heard = line.heardMs.length;
  await sell();
  expect(line.heardMs).toHaveLength(heard);
}

test("SEC1: a key that another isolate has ended hears of no change from then on, and its socket is closed", async () => {
  const sell = openSales();
  await sell();
  const [gone, kept] = [await apiKey(["profiles"], "app-1"), await apiKey(["profiles"], "app-2")];
  const [ended, other] = [await live(gone), await live(kept)];
  // As if the word of it had been lost: no object is told.
  const revokedMs = Date.now();
  await registryStub(env).removeKey("app-1", parseApiKey(gone)?.id ?? "");
  await expectEnded(ended, revokedMs, sell);
  const before = other.heardMs.length;
  await sell();
  await until(
    () => Promise.resolve(other.heardMs.length),
    (heard) => heard > before,
  );
  expect(other.isClosed).toBe(false);
});

test("SEC1: a key that is ended takes its silent socket and its stream with it", async () => {
  const sell = openSales();
  await sell();
  const key = await apiKey(["profiles"], "app-1");
  const line = await live(key);
  const stream = await exports.default.fetch(
    `https://edge.test/v1/customers/${customerIdOf(card)}/live`,
    { headers: { authorization: `Bearer ${key}` } },
  );
  const revokedMs = Date.now();
  expect((await endKey(key, "app-1")).status).toBe(204);
  const { code, atMs } = await line.closed; // nothing has changed
  expect([code, atMs - revokedMs <= WITHIN_MS]).toEqual([4401, true]);
  const text = await stream.text();
  expect(Date.now() - revokedMs).toBeLessThanOrEqual(WITHIN_MS);
  expect(text).not.toContain("event: end"); // whoever is shut out is told nothing at all
  await expectEnded(line, revokedMs, sell);
});

test("SEC1: a till that is shut out is poked no more", async () => {
  const sell = openSales();
  await sell();
  const token = await tillToken(source, store);
  const line = await poke(token);
  const revokedMs = Date.now();
  expect((await call("DELETE", `/v1/tills/${source}`, CENTRE)).status).toBe(204);
  const { code, atMs } = await line.closed;
  expect([code, atMs - revokedMs <= WITHIN_MS]).toEqual([4401, true]);
  await expectEnded(line, revokedMs, sell);
});

test("SEC1: a till that another isolate has shut out is not poked again", async () => {
  const sell = openSales();
  await sell();
  const token = await tillToken(source, store);
  const line = await poke(token);
  const revokedMs = Date.now();
  await registryStub(env).revoke(source);
  // Pulls, as a till that was poked does: each makes the next news worth a poke.
  await expectEnded(line, revokedMs, async () => {
    await pullAll(store, source);
    await sell();
  });
  expect(line.isClosed).toBe(true);
});

test("SEC1: where the registry cannot be asked, a listener is told nothing on trust, and may come back", async () => {
  const sell = openSales();
  await sell();
  const line = await live(await apiKey(["profiles"], "app-1"));
  await runInDurableObject(registryStub(env), (_object, { storage }) => {
    storage.sql.exec("alter table api_key rename to lost");
  });
  const lostMs = Date.now();
  while (!line.isClosed) await sell();
  expect((await line.closed).code).toBe(1013);
  expect((line.heardMs.at(-1) ?? 0) - lostMs).toBeLessThanOrEqual(WITHIN_MS);
});
