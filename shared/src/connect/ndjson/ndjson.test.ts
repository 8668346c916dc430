import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../limits.ts";
import { SQUARE as ACCOUNT } from "../testing/square.ts";
import { capturesOf } from "../testing/hostile.ts";
import { type LineItem, mapNdjson, splitNdjson } from "./ndjson.ts";

const NOW = Date.parse("2026-05-01T12:00:00.000Z");
const bytes = (text: string) => new TextEncoder().encode(text);

function split(body: Uint8Array | string): readonly LineItem[] {
  const read = splitNdjson(typeof body === "string" ? bytes(body) : body, NOW);
  if (!read.ok) throw new Error(read.reason.code);
  return read.value;
}
const map = ({ topic, body }: LineItem) =>
  mapNdjson({ topic, body, headers: {}, receivedAtMs: NOW }, ACCOUNT);

const note = (text: string, more: object = {}) =>
  JSON.stringify({ kind: "note", text, customer: { email: "a@example.com" }, ...more });

test("a bad line is an item with its number, and the others go on", () => {
  const items = split(
    [
      "\uFEFF" + note("one", { key: "n-1" }),
      "",
      '{"kind":"note"',
      `${note("three")}\r`,
      '{"kind":"note"}',
      "7",
      "  ",
    ].join("\n"),
  );
  expect(items.map(({ failed }) => failed)).toEqual([
    undefined,
    { code: "not_json", detail: "Line 3." },
    undefined,
    { code: "missing_field", field: "text", detail: "Line 5." },
    { code: "bad_field", field: "data", detail: "Line 6. It is no JSON object." },
  ]);
  expect(items[0]?.key).toBe("capture:note/n-1");
  const captures = items.flatMap((item) => (item.failed ? [] : capturesOf(map(item))));
  expect(captures).toMatchObject([
    { kind: "note", key: "n-1", text: "one", at: "2026-05-01T12:00:00.000Z" },
    { kind: "note", text: "three" },
  ]);
});

test("the same line has the same key, another one another", () => {
  const [a, b, c] = split([note("a"), note("b"), note("a")].join("\n"));
  expect(a?.key).toBe(c?.key);
  expect(a?.key).not.toBe(b?.key);
});

test("a line that is too large, or no text, does not take the others with it", () => {
  const large = note("x".repeat(LIMITS.messageBytes));
  const items = split(`${large}\n${note("fine")}`);
  expect(items.map(({ failed }) => failed?.code)).toEqual(["too_large", undefined]);
  const broken = split(new Uint8Array([0x22, 0xff, 0x22, 10, ...bytes(note("fine"))]));
  expect(broken.map(({ failed }) => failed)).toEqual([
    { code: "not_utf8", detail: "Line 1." },
    undefined,
  ]);
});

test("too many lines, and too many bytes, are a failure", () => {
  const lines = "7\n".repeat(LIMITS.messagesItems + 1);
  expect(splitNdjson(bytes(lines), NOW)).toMatchObject({ reason: { code: "too_large" } });
  expect(splitNdjson(new Uint8Array(LIMITS.messagesBytes + 1), NOW)).toMatchObject({
    reason: { code: "too_large" },
  });
});

test("whatever the bytes are, each line that is not empty is an item", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      const lines = Buffer.from(body).toString("latin1").split("\n");
      const full = lines.filter((line) => /[^\0-\x20]/.test(line));
      expect(split(body)).toHaveLength(full.length);
    }),
  );
});
