import { evictDurableObject, reset } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LIMITS } from "@regulars/shared/limits";
import { customerIdOf } from "@regulars/shared/ids";
import { applyDecisions } from "../src/publish/apply-decisions.ts";
import { profileStubOf } from "../src/stubs.ts";
import { wholeEdge } from "../src/whole-edge.ts";
import { inbox, pullAll, until } from "./settle.ts";
import { keysOf, openTill, sale } from "./till.ts";

/** Another one in each test: an object with a listener may outlive the end of its test. */
let card = "";
let customer = "";
let store = "";
let source = "";
let tests = 0;

beforeEach(() => {
  tests += 1;
  [card = ""] = keysOf({ loyaltyNumber: `47${tests}` });
  customer = customerIdOf(card);
  store = `store-${tests}`;
  source = `till-${tests}`;
});
afterEach(() => reset());

const [email = ""] = keysOf({ email: "ada@example.com" });

const live = (query = "", headers: Record<string, string> = {}) =>
  exports.default.fetch(`https://edge.test/v1/customers/${customer}/live${query}`, {
    headers: { authorization: `Bearer ${env.REGULARS_CENTRAL_TOKEN}`, ...headers },
  });

interface Message {
  readonly event: string;
  readonly id?: number;
  readonly data: {
    readonly customer?: string;
    readonly profile?: { purchases?: { totals: Record<string, { minor: number }> } };
    readonly freshness?: { readonly pending: readonly string[] };
  };
}

/** Messages in their order, each asked for once. */
function inbound() {
  const waiting: Message[] = [];
  const asked: ((message: Message) => void)[] = [];
  return {
    push(message: Message) {
      const ask = asked.shift();
      if (ask) ask(message);
      else waiting.push(message);
    },
    next: () =>
      new Promise<Message>((answer) => {
        const message = waiting.shift();
        if (message) answer(message);
        else asked.push(answer);
      }),
    async nextSum(minor: number): Promise<Message> {
      for (;;) {
        const message = await this.next();
        if (message.data.profile?.purchases?.totals["GBP"]?.minor === minor) return message;
      }
    },
  };
}

async function openSocket(query = "", headers: Record<string, string> = {}) {
  const response = await live(query, { upgrade: "websocket", ...headers });
  expect(response.status).toBe(101);
  const socket = response.webSocket!;
  const messages = inbound();
  socket.addEventListener("message", ({ data }) =>
    messages.push(JSON.parse(String(data)) as Message),
  );
  const closed = new Promise<number>((done) =>
    socket.addEventListener("close", ({ code }) => done(code)),
  );
  socket.accept();
  return { socket, messages, closed, response };
}

async function openStream(query = "", headers: Record<string, string> = {}) {
  const response = await live(query, headers);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  /** The next event that is one; null at the end. */
  async function next(): Promise<{ event: string; id?: string; data: Message["data"] } | null> {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end !== -1) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const field = (name: string) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const data = field("data");
        if (data === undefined) continue;
        const id = field("id");
        return {
          event: field("event") ?? "",
          ...(id === undefined ? {} : { id }),
          data: JSON.parse(data) as Message["data"],
        };
      }
      const { value, done } = await reader.read();
      if (done) return null;
      text += value;
    }
  }
  return { next, cancel: () => reader.cancel() };
}

async function buys(till: ReturnType<typeof openTill>, minor: number) {
  const item = till.capture([card], sale(minor));
  await inbox(store).push(till.push([item]));
  await until(
    () => pullAll(store, source),
    ({ marks }) => marks.merged >= item.seq,
  );
}

async function firstSale() {
  const till = openTill(source, store);
  await buys(till, 100);
  return till;
}

test("EDG3: a socket gets the profile as it is, then as it changes, in the groups that its caller asked for", async () => {
  const till = await firstSale();
  const { messages, socket } = await openSocket("?fields=purchases");
  const first = await messages.next();
  expect(first.event).toBe("profile");
  expect(Object.keys(first.data.profile ?? {})).toEqual(["purchases"]);
  await buys(till, 23);
  const change = await messages.nextSum(123);
  expect(change.id).toBeGreaterThan(first.id ?? Infinity);
  expect(Object.keys(change.data.profile ?? {})).toEqual(["purchases"]);
  socket.close();
});

test("EDG3: a version is sent to a listener once, whatever else is written of the customer", async () => {
  const till = await firstSale();
  const { messages, socket } = await openSocket();
  const { id: first = 0 } = await messages.nextSum(100);
  // A store that takes an interest writes the profile, and changes nothing in it.
  await profileStubOf(env, customer).read(customer, `${store}-other`);
  await evictDurableObject(profileStubOf(env, customer));
  await profileStubOf(env, customer).read(customer, `${store}-third`);
  await buys(till, 23);
  const { id, data } = await messages.next();
  expect(id).toBeGreaterThan(first);
  expect(data.profile?.purchases?.totals["GBP"]?.minor).toBe(123);
  socket.close();
});

test("EDG2: listeners stay when their shard leaves memory, and hear of the next change", async () => {
  const till = await firstSale();
  const { messages, socket } = await openSocket();
  await messages.nextSum(100);
  await evictDurableObject(profileStubOf(env, customer));
  await buys(till, 1);
  expect((await messages.nextSum(101)).event).toBe("profile");
  socket.close();
});

test("EDG3: a stream of events goes on after the version that its reader has seen", async () => {
  const till = await firstSale();
  const stream = await openStream();
  const first = await stream.next();
  expect(first).toMatchObject({ event: "profile", data: { customer } });
  await stream.cancel();
  const resumed = await openStream("", { "last-event-id": first?.id ?? "" });
  await buys(till, 20);
  const next = await resumed.next();
  expect(next?.data.profile?.purchases?.totals["GBP"]?.minor).toBe(120);
  await resumed.cancel();
  // And what was missed meanwhile is caught up with.
  const late = await openStream(`?after=${first?.id}`);
  expect((await late.next())?.data.profile?.purchases?.totals["GBP"]?.minor).toBe(120);
  await late.cancel();
});

test("IDN7: a stream says where its customer lives on, and ends", async () => {
  await firstSale();
  const [{ messages, closed }, stream] = await Promise.all([openSocket(), openStream()]);
  await messages.nextSum(100);
  await stream.next();
  const to = customerIdOf(email);
  await applyDecisions(wholeEdge(env), [{ kind: "redirect", from: customer, to }]);
  expect(await messages.next()).toMatchObject({ event: "redirect", data: { customer: to } });
  expect(await closed).toBe(4301);
  expect(await stream.next()).toMatchObject({ event: "redirect", data: { customer: to } });
  expect(await stream.next()).toBeNull();
});

test("SYN10: a customer has so many listeners and no more, until one of them goes", async () => {
  await firstSale();
  const sockets = await Promise.all(
    Array.from({ length: LIMITS.listenersPerCustomer }, () => openSocket("?fields=identity")),
  );
  const refused = await live("", { upgrade: "websocket" });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
  sockets[0]!.socket.close();
  const opened = await until(
    () => live("", { upgrade: "websocket" }),
    ({ status }) => status === 101,
  );
  opened.webSocket!.accept();
  opened.webSocket!.close();
  for (const { socket } of sockets.slice(1)) socket.close();
});

const ask = (url: string, headers: Record<string, string> = {}) =>
  exports.default.fetch(url, { headers: { upgrade: "websocket", ...headers } });

test("SEC2: a browser's token comes as a sub-protocol and is not repeated; one in the URL is none", async () => {
  await firstSale();
  const path = `https://edge.test/v1/customers/${customer}/live`;
  const token = env.REGULARS_CENTRAL_TOKEN;
  const response = await ask(path, { "sec-websocket-protocol": `bearer, ${token}` });
  expect(response.status).toBe(101);
  expect(response.headers.get("sec-websocket-protocol")).toBe("bearer");
  response.webSocket!.accept();
  response.webSocket!.close();
  expect((await ask(`${path}?token=${token}`)).status).toBe(401);
  expect((await ask(path, { "sec-websocket-protocol": `other, ${token}` })).status).toBe(401);
});
