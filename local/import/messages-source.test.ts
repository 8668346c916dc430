import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UNKNOWN_ACCOUNT } from "./account.ts";
import type { Item } from "./item.ts";
import { type MessageFormat, messageSource } from "./messages-source.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-import-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function itemsOf(
  content: string | Uint8Array,
  format: MessageFormat,
  topic: string | null = null,
): Promise<Item[]> {
  const path = join(folder, "messages.json");
  await writeFile(path, content);
  const items: Item[] = [];
  const context = { account: UNKNOWN_ACCOUNT, topic, writtenMs: Date.UTC(2026, 4, 1) };
  for await (const item of messageSource(path, format, context)) items.push(item);
  return items;
}

const claim = (key: string) => ({
  kind: "claim",
  key,
  at: "2026-05-10T10:00:00Z",
  customer: { email: "a@example.com" },
});
const customer = { id: 207119551, email: "a@example.com", verified_email: true, updated_at: "2026-05-10T10:00:00Z" }; // prettier-ignore
const keysOf = (items: readonly Item[]) =>
  items.flatMap(({ captures, failed }) => [
    ...captures.map(({ key }) => key),
    ...(failed === undefined ? [] : [failed.failure.code]),
  ]);

describe("messages of a file", () => {
  test("one a line, a list over several lines, and one document mean the same", async () => {
    const list = [claim("a"), claim("b")];
    const lines = `\uFEFF${list.map((each) => JSON.stringify(each)).join("\r\n")}\r\n\n`;
    for (const text of [lines, JSON.stringify(list), JSON.stringify(list, null, 2)]) {
      expect(keysOf(await itemsOf(text, "ndjson"))).toEqual(["a", "b"]);
    }
    expect(keysOf(await itemsOf(JSON.stringify(claim("a"), null, 2), "ndjson"))).toEqual(["a"]);
  });

  test("a line that is broken goes to the desk as it stands, and the others go on", async () => {
    const text = `{"kind":"claim",\n${JSON.stringify(claim("b"))}\n`;
    const [broken, good] = await itemsOf(text, "ndjson");
    expect(broken?.failed).toMatchObject({ failure: { code: "not_json" } });
    expect(new TextDecoder().decode(broken?.failed?.raw)).toBe('{"kind":"claim",');
    expect(good?.captures).toHaveLength(1);
  });

  test("webhooks as they were kept, resources of an API, and bodies of one topic are read alike", async () => {
    const kept = JSON.stringify({ topic: "customers/update", body: customer });
    const answer = JSON.stringify({ customers: [customer] });
    const expected = keysOf(await itemsOf(kept, "shopify"));
    expect(expected[0]).toMatch(/^customer:207119551@/);
    expect(keysOf(await itemsOf(answer, "shopify"))).toEqual(expected);
    const bare = JSON.stringify(customer);
    expect(keysOf(await itemsOf(bare, "shopify", "customers/update"))).toEqual(expected);
  });

  test("batches and single calls of Segment", async () => {
    const call = { type: "identify", userId: "u1", messageId: "m1", timestamp: "2026-05-10T10:00:00Z" }; // prettier-ignore
    const single = await itemsOf(JSON.stringify(call), "segment");
    expect(keysOf(single)).toEqual(["segment:m1"]);
    expect(keysOf(await itemsOf(JSON.stringify({ batch: [call, call] }), "segment"))).toEqual([
      "segment:m1",
      "segment:m1",
    ]);
  });

  test("a topic that is not read, and what says nothing that is kept, are told apart", async () => {
    const [unknown] = await itemsOf(JSON.stringify(customer), "shopify", "themes/publish");
    expect(unknown?.failed?.failure.code).toBe("unknown_topic");
    const [ignored] = await itemsOf(JSON.stringify(customer), "shopify", "customers/delete");
    expect(ignored).toMatchObject({ captures: [], skipped: "nothing_kept" });
  });

  test("random bytes never throw but a sentence", async () => {
    const formats = [
      "ndjson",
      "cloudevents",
      "shopify",
      "square",
      "segment",
      "woocommerce",
    ] as const;
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...formats), async (content, format) => {
        const outcome = await itemsOf(content, format).catch(
          (error: Error) => error.constructor.name,
        );
        expect(Array.isArray(outcome) || /^(CommandFailure|FileBroke)$/.test(outcome)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
