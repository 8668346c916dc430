/** What tills pack on its way. */
import { reset } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";
import { LIMITS } from "@regulars/shared/limits";
import { readBytes } from "../src/ingest/read-bytes.ts";
import { tillToken } from "./callers.ts";
import { openTill, sale } from "./till.ts";

afterEach(() => reset());

async function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Response(text).body!.pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function send(body: Uint8Array, digest: string): Promise<Response> {
  return exports.default.fetch("https://edge.example/v1/push", {
    method: "POST",
    headers: {
      authorization: `Bearer ${await tillToken("till-1", "packing")}`,
      "content-encoding": "gzip",
      [CONTENT_DIGEST]: digest,
    },
    body,
  });
}

function pushText(): string {
  const till = openTill("till-1", "packing");
  return JSON.stringify(till.push([till.capture([], sale(250)), till.capture([], sale(300))]));
}

test("SYN9: rows that come packed are accepted like others, and the edge says that it unpacks", async () => {
  const text = pushText();
  const response = await send(await gzipped(text), contentDigestOf(text));
  expect(response.status).toBe(200);
  expect(response.headers.get("accept-encoding")).toBe("gzip");
  expect(await response.json()).toMatchObject({ outcome: "accepted", marks: { accepted: 2 } });
});

test("SYN5: nothing is taken of what was bent or cut off while it was packed, or is other than its digest says", async () => {
  const text = pushText();
  const packed = await gzipped(text);
  const digest = contentDigestOf(text);
  const bent = Uint8Array.from(packed, (byte, at) => (at === packed.length >> 1 ? byte ^ 4 : byte));
  const other = await gzipped(text.replace("250", "350"));
  for (const body of [bent, packed.subarray(0, packed.length - 20), other]) {
    const response = await send(body, digest);
    expect(response.status).toBe(400);
    await response.text();
  }
});

test("SYN10: a body that unpacks to more than a push may have is read no further", async () => {
  const bomb = `"${" ".repeat(4 * LIMITS.pushBytes)}"`;
  const response = await send(await gzipped(bomb), contentDigestOf(bomb));
  expect(response.status).toBe(413);
  await response.text();
});

test("SYN9: a body that unpacks to the largest size is taken, and one that is a byte larger is not", async () => {
  const text = "a".repeat(65_536);
  const read = async (bytesMax: number) => {
    const headers = { "content-encoding": "gzip" };
    const body = await gzipped(text);
    return readBytes(
      new Request("https://edge.example", { method: "POST", headers, body }),
      bytesMax,
    );
  };
  expect(await read(text.length)).toMatchObject({ ok: true, value: { length: text.length } });
  expect(await read(text.length - 1)).toMatchObject({ ok: false, reason: { reason: "too_large" } });
});
