/** The client's ways of listening, against the real Worker: streams, sockets, and where neither gets through. */
import { reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { customerIdOf } from "@regulars/shared/ids";
import { type ClientOptions, createClient } from "../../client/src/index.ts";
import type { Client } from "../../client/src/index.ts";
import type { LiveOptions } from "../../client/src/index.ts";
import { parseApiKey } from "../src/access/api-key.ts";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { apiKey, call, CENTRE } from "./callers.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

/** Another one in each test: an object with a listener may outlive the end of its test. */
let card = "";
let ada = "";
let store = "";
let tests = 0;

beforeEach(() => {
  tests += 1;
  [card = ""] = keysOf({ loyaltyNumber: `33${tests}` });
  ada = customerIdOf(card);
  store = `store-${tests}`;
});
afterEach(() => reset());

function openSales() {
  const till = openTill("till-1", store);
  return async (minor: number): Promise<void> => {
    const item = till.capture([card], sale(minor));
    await inbox(store).push(till.push([item]));
    await until(
      () => pullAll(store, "till-1"),
      ({ marks }) => marks.merged >= item.seq,
    );
  };
}

const worker: typeof fetch = (input, init) => exports.default.fetch(new Request(input, init));

/** What a socket does before anybody listens to it is kept until somebody does. */
const openSocket: NonNullable<ClientOptions["openSocket"]> = (url, protocols) => {
  const target = new EventTarget();
  const opening = exports.default
    .fetch(url.replace("wss:", "https:"), {
      headers: { upgrade: "websocket", "sec-websocket-protocol": protocols.join(", ") },
    })
    .then(({ webSocket }) => {
      if (!webSocket) return void target.dispatchEvent(new Event("close"));
      webSocket.addEventListener("message", ({ data }) =>
        target.dispatchEvent(new MessageEvent("message", { data: String(data) })),
      );
      webSocket.addEventListener("close", () => target.dispatchEvent(new Event("close")));
      webSocket.accept();
      target.dispatchEvent(new Event("open"));
      return webSocket;
    });
  return {
    addEventListener: (type: string, listen: (event: never) => void) =>
      target.addEventListener(type, listen as EventListener),
    close: () => void opening.then((socket) => socket?.close()),
  };
};

const noWait = () => new Promise<void>((next) => setTimeout(next, 0));

function connect(more: Partial<ClientOptions>) {
  const asked: string[] = [];
  const { fetch: send = worker, ...rest } = more;
  const client = createClient({
    edgeUrl: "https://edge.test",
    token: CENTRE,
    wait: noWait,
    fetch: (input, init) => {
      asked.push(new URL(input instanceof Request ? input.url : input).pathname);
      return send(input, init);
    },
    ...rest,
  });
  return { client, asked };
}

/** Follows until it is stopped; sums in their order. */
function follow(client: Client, how: LiveOptions = {}) {
  const over = new AbortController();
  const heard: (number | string)[] = [];
  const ended = (async () => {
    for await (const live of client.live(ada, { pollMs: 1, ...how, signal: over.signal })) {
      if (live.event === "redirect") heard.push("redirect");
      else heard.push(live.customer.profile.purchases?.totals["GBP"]?.minor ?? 0);
    }
  })();
  const reached = (value: number | string) =>
    until(
      () => Promise.resolve(heard),
      (all) => all.at(-1) === value,
    );
  const stop = async (): Promise<void> => {
    over.abort();
    await ended;
  };
  return { heard, ended, reached, stop };
}

/** Hears what is there, what changes, and the other id after a redirect. */
async function expectFollowed(client: Client, how: LiveOptions = {}) {
  const sell = openSales();
  await sell(100);
  const { reached, heard, stop } = follow(client, how);
  await reached(100);
  await sell(20);
  await reached(120);
  const [email = ""] = keysOf({ email: `ada-${tests}@example.com` });
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: ada, to: customerIdOf(email) }]);
  await reached(120);
  await until(
    () => Promise.resolve(heard),
    (all) => all.includes("redirect"),
  );
  await sell(3);
  await reached(123);
  await stop();
  expect(heard.filter((each) => each === "redirect")).toHaveLength(1);
}

const isLive = (input: RequestInfo | URL): boolean =>
  (input instanceof Request ? input.url : input.toString()).includes("/live");

/** As React Native's old fetch: an answer without a body that could be read bit by bit. */
const withoutStreams: typeof fetch = async (input, init) => {
  const response = await worker(input, init);
  if (!isLive(input)) return response;
  await response.body?.cancel();
  return Object.defineProperty(new Response(null, response), "body", { value: undefined });
};

/** As its present one: an answer when all of it is there, which a stream's never is. */
const whole: typeof fetch = async (input, init) => {
  const response = await worker(input, init);
  if (!isLive(input)) return response;
  const gone = new Promise<never>((_, fail) =>
    init?.signal?.addEventListener("abort", () => fail(new Error("aborted"))),
  );
  return Promise.race([response.text().then((text) => new Response(text)), gone]);
};

test("EDG3: a client follows a profile over a socket", async () => {
  const { client, asked } = connect({ openSocket });
  await expectFollowed(client, { transport: "websocket" });
  expect(asked).toEqual([]);
});

test("EDG3: where a fetch has no streams, a client takes a socket", async () => {
  const { client, asked } = connect({ openSocket, fetch: withoutStreams });
  await expectFollowed(client);
  expect(asked).toEqual([`/v1/customers/${ada}/live`]);
});

test("EDG3: where a fetch answers with the whole or not at all, a client takes a socket", async () => {
  const { client, asked } = connect({ openSocket, fetch: whole, answerWithinMs: 50 });
  await expectFollowed(client);
  expect(asked).toEqual([`/v1/customers/${ada}/live`]);
});

test("EDG3: where sockets get through no more than streams, a client asks now and then", async () => {
  // The sockets of this runtime lead out, to where there is no edge.
  const { client, asked } = connect({ fetch: withoutStreams });
  await expectFollowed(client);
  expect(asked.filter((path) => path.endsWith("/live"))).toHaveLength(1);
  expect(new Set(asked).size).toBe(3); // the stream, the profile, and the one that it lives on as
});

test("EDG3: who has the current version hears nothing until the next one, on every way", async () => {
  const sell = openSales();
  await sell(100);
  for (const transport of ["sse", "websocket", "polling"] as const) {
    const { client } = connect({ openSocket });
    const { version, profile } = await client.read(ada);
    const { heard, reached, stop } = follow(client, { transport, after: version });
    await sell(1);
    const sum = (profile.purchases?.totals["GBP"]?.minor ?? 0) + 1;
    await reached(sum);
    expect([transport, heard]).toEqual([transport, [sum]]);
    await stop();
  }
});

test("SEC1: who is refused or shut out is told so on every way, and does not try for ever", async () => {
  const sell = openSales();
  await sell(100);
  for (const transport of ["sse", "websocket", "polling"] as const) {
    const stranger = connect({ openSocket, token: "of nobody" }).client;
    const first = stranger.live(ada, { transport }).next();
    await expect(first).rejects.toMatchObject({ reason: "unauthorized", status: 401 });
    const key = await apiKey(["profiles"], `app-${transport}`);
    const { heard, reached, ended } = follow(connect({ openSocket, token: key }).client, {
      transport,
    });
    await reached(100);
    const id = parseApiKey(key)?.id;
    await call("DELETE", `/v1/accounts/app-${transport}/keys/${id}`, CENTRE);
    await expect(ended).rejects.toMatchObject({ reason: "unauthorized" });
    expect(heard).toEqual([100]);
  }
});
