import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../limits.ts";
import { takenCuts } from "../testing/hostile.ts";
import { type SegmentBatch, type SegmentMessage, splitBatch } from "./split.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));
const textOf = ({ body }: SegmentMessage) => new TextDecoder().decode(body);

function split(body: Uint8Array, context: Parameters<typeof splitBatch>[1] = {}): SegmentBatch {
  const read = splitBatch(body, context);
  if (!read.ok) throw new Error(read.reason.code);
  return read.value;
}

const track = (more: object = {}) => ({ type: "track", event: "A", userId: "u", ...more });

test("each message of a batch is an item, with what the batch says for all", () => {
  const batch = {
    writeKey: "secret",
    sentAt: "2026-05-01T12:00:00Z",
    context: { locale: "de-DE", library: { name: "x" } },
    batch: [
      track({ messageId: "m-1" }),
      track({
        messageId: "m-2",
        sentAt: "2026-05-01T11:00:00Z",
        context: { locale: "fr-FR" },
        writeKey: "secret",
      }),
    ],
  };
  const { writeKey, sentAt, messages } = split(json(batch));
  expect({ writeKey, sentAt }).toEqual({ writeKey: "secret", sentAt: batch.sentAt });
  expect(messages.map(({ key, topic }) => ({ key, topic }))).toEqual([
    { key: "segment:m-1", topic: "track" },
    { key: "segment:m-2", topic: "track" },
  ]);
  expect(messages.map((message): unknown => JSON.parse(textOf(message)))).toEqual([
    { ...track({ messageId: "m-1" }), sentAt: batch.sentAt, context: batch.context },
    {
      ...track({ messageId: "m-2" }),
      sentAt: "2026-05-01T11:00:00Z",
      context: { locale: "fr-FR", library: { name: "x" } },
    },
  ]);
});

test("SEC2: a write key is not kept with the messages", () => {
  const { messages } = split(json({ writeKey: "secret", batch: [track({ writeKey: "secret" })] }));
  const { messages: single } = split(json(track({ writeKey: "secret" })), { type: "track" });
  for (const message of [...messages, ...single]) expect(textOf(message)).not.toContain("secret");
});

test("digits of amounts stay as they were sent", () => {
  const body = bytes(
    '{"batch":[{"type":"track","messageId":"m","properties":{"total":1.10,"id":12345678901234567890}}]}',
  );
  expect(textOf(split(body).messages[0] as SegmentMessage)).toBe(
    '{"type":"track","messageId":"m","properties":{"total":1.10,"id":12345678901234567890}}',
  );
});

test("a route of its own says the type", () => {
  const { messages } = split(json({ userId: "u", messageId: "m" }), { type: "identify" });
  expect(messages.map(({ key, topic }) => ({ key, topic }))).toEqual([
    { key: "segment:m", topic: "identify" },
  ]);
});

test("the same message has the same key, however often and whenever it is sent", () => {
  const message = fc.record({
    messageId: fc.option(fc.oneof(fc.uuid(), fc.string()), { nil: undefined }),
    properties: fc.dictionary(fc.string(), fc.jsonValue()),
  });
  const attempt = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  fc.assert(
    fc.property(message, attempt, attempt, (said, first, second) => {
      const keys = [first, second].map((sentAt) => {
        const [inBatch] = split(json({ sentAt, batch: [track(said)] })).messages;
        const [alone] = split(json({ ...track(said), sentAt }), { type: "track" }).messages;
        expect(inBatch?.key.length).toBeLessThanOrEqual(200);
        expect(JSON.parse(textOf(inBatch as SegmentMessage))).toMatchObject({
          messageId: inBatch?.key.slice("segment:".length),
        });
        return [inBatch?.key, alone?.key];
      });
      expect(keys[0]).toEqual(keys[1]);
    }),
  );
});

test("different messages without an id have different keys", () => {
  const { messages } = split(json({ batch: [track(), track({ event: "B" })] }));
  expect(new Set(messages.map(({ key }) => key)).size).toBe(2);
});

test("one message that is no object, or too large, does not take its batch with it", () => {
  const large = track({
    messageId: "large",
    properties: { text: "x".repeat(LIMITS.segmentEventBytes) },
  });
  const { messages } = split(json({ batch: [7, large, null, track({ messageId: "fine" })] }));
  expect(messages.map(({ failed }) => failed?.code)).toEqual([
    "bad_field",
    "too_large",
    "bad_field",
    undefined,
  ]);
  expect(messages[1]?.body.byteLength).toBe(LIMITS.segmentEventBytes);
  expect(messages[3]?.key).toBe("segment:fine");
});

test("a type that there is not is a topic of its own", () => {
  const { messages } = split(
    json({ batch: [{ type: "dance" }, { action: "track" }, {}, { type: 7 }] }),
  );
  expect(messages.map(({ topic }) => topic)).toEqual(["unknown", "track", "unknown", "unknown"]);
});

test.each<[string, Uint8Array, object]>([
  ["nothing", bytes(""), { code: "not_json" }],
  ["no JSON", bytes("writeKey=secret"), { code: "not_json" }],
  ["no UTF-8", new Uint8Array([0x22, 0xff, 0x22]), { code: "not_utf8" }],
  ["a list", bytes("[]"), { code: "bad_field" }],
  ["no batch", bytes("{}"), { code: "missing_field", field: "batch" }],
  ["a batch that is none", bytes('{"batch":{}}'), { code: "bad_field", field: "batch" }],
  [
    "too many",
    json({ batch: Array.from({ length: LIMITS.segmentBatchEvents + 1 }, () => 1) }),
    { code: "too_large" },
  ],
  [
    "a context that would be copied too often",
    json({
      context: { a: "x".repeat(5_000) },
      batch: Array.from({ length: 1_000 }, () => track()),
    }),
    { code: "too_large", field: "context" },
  ],
  ["too much", new Uint8Array(LIMITS.segmentBatchBytes + 1), { code: "too_large" }],
])("%s is a failure", (_name, body, reason) => {
  expect(splitBatch(body, {})).toMatchObject({ ok: false, reason });
});

test("a batch that was cut off is a failure, wherever it stops", () => {
  const body = json({
    writeKey: "k",
    batch: [track({ name: "Zoë" }), track({ list: [1, "]", "}"] })],
  });
  expect(takenCuts(body, (cut) => splitBatch(cut, {}))).toEqual([]);
});

test("what the real client of Segment sends is taken apart", async () => {
  const { Analytics } = await import("@segment/analytics-node");
  const bodies: string[] = [];
  const client = new Analytics({
    writeKey: "wk",
    flushAt: 2,
    httpClient: {
      makeRequest: (options: { body: string }) => {
        bodies.push(options.body);
        return Promise.resolve({ status: 200, statusText: "OK" } as Response);
      },
    },
  });
  client.identify({ userId: "u", traits: { email: "ada@example.com" } });
  client.track({
    userId: "u",
    event: "Order Completed",
    properties: { order_id: "1", total: 0.3 },
  });
  await client.closeAndFlush();
  const { writeKey, sentAt, messages } = split(bytes(bodies[0] ?? ""));
  expect(messages.map(({ topic }) => topic)).toEqual(["identify", "track"]);
  expect(writeKey).toBe("wk");
  expect(sentAt).toMatch(/^\d{4}-/);
  for (const { key, failed } of messages) {
    expect(key).toMatch(/^segment:node-/);
    expect(failed).toBeUndefined();
  }
});
