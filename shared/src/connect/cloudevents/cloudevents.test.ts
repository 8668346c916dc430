import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../limits.ts";
import { ok } from "../../result.ts";
import type { Mapper, Sent } from "../mapper.ts";
import { bent, capturesOf, faultIn, takenCuts } from "../testing/hostile.ts";
import { SQUARE as ACCOUNT } from "../testing/square.ts";
import { cloudEventsMapper } from "./map.ts";
import { type EventItem, splitCloudEvents } from "./split.ts";

const NOW = Date.parse("2026-05-01T12:00:00.000Z");
const bytes = (text: string) => new TextEncoder().encode(text);
const json = (value: unknown) => bytes(JSON.stringify(value));

const EVENT = {
  specversion: "1.0",
  id: "7",
  source: "/shops/1",
  type: "regulars.capture.note",
  time: "2026-05-01T13:00:00+02:00",
  data: { text: "likes tea", customer: { email: "ada@example.com" } },
};

function split(body: Uint8Array, headers: Record<string, string> = {}): readonly EventItem[] {
  const read = splitCloudEvents(body, headers);
  if (!read.ok) throw new Error(read.reason.code);
  return read.value;
}

/** What was passed on to another connector. */
function spy(): { readonly mapper: Mapper; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const shopify: Mapper = (each) => {
    sent.push(each);
    return ok({ captures: [] });
  };
  return { mapper: cloudEventsMapper({ shopify }), sent };
}

const mapItem = ({ topic, body }: EventItem, mapper: Mapper = cloudEventsMapper({})) =>
  mapper({ topic, body, headers: {}, receivedAtMs: NOW }, ACCOUNT);

describe("forms", () => {
  const SAID = { topic: "regulars.capture.note", key: "event:/shops/1#7" };
  const NOTE = {
    kind: "note",
    key: "event:/shops/1#7",
    at: "2026-05-01T11:00:00.000Z",
    text: "likes tea",
  };

  test("one event, structured", () => {
    const [item, ...others] = split(json(EVENT));
    expect(others).toEqual([]);
    expect(item).toMatchObject(SAID);
    expect(capturesOf(mapItem(item as EventItem))).toMatchObject([NOTE]);
  });

  test("many of them: a bad one does not take the others with it", () => {
    const items = split(
      json([
        EVENT,
        { ...EVENT, id: "" },
        7,
        { ...EVENT, specversion: "0.3" },
        { ...EVENT, time: "now" },
        { ...EVENT, id: "8" },
      ]),
    );
    expect(items.map(({ failed }) => failed)).toEqual([
      undefined,
      { code: "bad_field", field: "id" },
      { code: "bad_field", detail: "It is no JSON object." },
      { code: "bad_field", field: "specversion" },
      { code: "bad_time", field: "time" },
      undefined,
    ]);
    expect(new Set(items.map(({ key }) => key)).size).toBe(4); // three have source and id of the first
  });

  test("attributes in headers", () => {
    const headers = {
      "ce-specversion": "1.0",
      "ce-id": "7",
      "ce-source": "/shops/1",
      "ce-type": EVENT.type,
      "ce-time": EVENT.time,
    };
    const [item] = split(json(EVENT.data), headers);
    expect(item).toMatchObject(SAID);
    expect(capturesOf(mapItem(item as EventItem))).toMatchObject([NOTE]);
    const [encoded] = split(json(EVENT.data), {
      ...headers,
      "ce-source": "/caf%C3%A9",
      "ce-id": "100%",
    });
    expect(JSON.parse(new TextDecoder().decode(encoded?.body))).toMatchObject({
      source: "/café",
      id: "100%",
    });
    const { "ce-id": _, ...noId } = headers;
    expect(split(json(EVENT.data), noId)[0]?.failed).toEqual({
      code: "missing_field",
      field: "id",
    });
  });

  test("data as base64", () => {
    const { data, ...event } = EVENT;
    const data_base64 = Buffer.from(JSON.stringify(data)).toString("base64");
    const [item] = split(json({ ...event, data_base64 }));
    expect(capturesOf(mapItem(item as EventItem))).toMatchObject([NOTE]);
    const [none] = split(json({ ...event, data_base64: "%" }));
    expect(mapItem(none as EventItem)).toMatchObject({
      reason: { code: "bad_field", field: "data_base64" },
    });
    const [empty] = split(json(event));
    expect(mapItem(empty as EventItem)).toMatchObject({
      reason: { code: "missing_field", field: "data" },
    });
  });

  test("what is too large is cut and kept, what is no JSON is nothing to keep", () => {
    const large = { ...EVENT, data: "x".repeat(LIMITS.messageBytes) };
    expect(split(json([large, EVENT])).map(({ failed }) => failed?.code)).toEqual([
      "too_large",
      undefined,
    ]);
    expect(splitCloudEvents(bytes("{"), {})).toMatchObject({ reason: { code: "not_json" } });
    expect(splitCloudEvents(new Uint8Array(LIMITS.messagesBytes + 1), {})).toMatchObject({
      reason: { code: "too_large" },
    });
    expect(takenCuts(json([EVENT, EVENT]), (cut) => splitCloudEvents(cut, {}))).toEqual([]);
  });
});

describe("keys", () => {
  test("source and id make the key, and nothing else does", () => {
    const text = fc.string({ minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(text, text, text, text, (source, id, otherSource, otherId) => {
        const [first, second, third] = split(
          json([
            { ...EVENT, source, id },
            { ...EVENT, id, source, data: 7 },
            { ...EVENT, source: otherSource, id: otherId },
          ]),
        );
        expect(first?.key).toBe(second?.key);
        expect(first?.key.length).toBeLessThanOrEqual(200);
        expect(first?.key === third?.key).toBe(source === otherSource && id === otherId);
      }),
    );
  });

  test("a # in the source does not make two pairs one", () => {
    const [first, second] = split(
      json([
        { ...EVENT, source: "a#b", id: "c" },
        { ...EVENT, source: "a", id: "b#c" },
      ]),
    );
    expect(first?.key).not.toBe(second?.key);
  });
});

describe("types", () => {
  test("a platform's message is passed on byte for byte", () => {
    const { mapper, sent } = spy();
    const text = `{"specversion":"1.0","id":"1","source":"s","type":"shopify.orders/create","data": {"id":12345678901234567890,"total":1.10} }`;
    const [item] = split(bytes(text));
    expect(mapItem(item as EventItem, mapper)).toEqual(ok({ captures: [] }));
    expect(sent.map(({ topic }) => topic)).toEqual(["orders/create"]);
    expect(new TextDecoder().decode(sent[0]?.body)).toBe(
      '{"id":12345678901234567890,"total":1.10}',
    );
  });

  test.each(["woocommerce.order.created", "constructor.x", "dance", "__proto__.x"])(
    "%s is not taken in",
    (type) => {
      const [item] = split(json({ ...EVENT, type }));
      expect(mapItem(item as EventItem, spy().mapper)).toEqual({
        ok: false,
        reason: { code: "unknown_topic", field: "type" },
      });
    },
  );

  test("a capture of another kind than its type says is a failure", () => {
    const [item] = split(json({ ...EVENT, data: { ...EVENT.data, kind: "claim" } }));
    expect(mapItem(item as EventItem)).toMatchObject({
      reason: { code: "bad_field", field: "kind" },
    });
    const [dance] = split(json({ ...EVENT, type: "regulars.capture.dance" }));
    expect(mapItem(dance as EventItem)).toMatchObject({ reason: { code: "unknown_topic" } });
  });

  test("SEC2: a bent event holds, or says why not without quoting it", () => {
    fc.assert(
      fc.property(bent(EVENT), (event) => {
        const read = splitCloudEvents(json(event), {});
        const items = read.ok ? read.value : [];
        expect(items.map((item) => faultIn(mapItem(item, spy().mapper)))).toEqual(
          items.map(() => null),
        );
      }),
      { numRuns: 500 },
    );
  });
});
