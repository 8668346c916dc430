/**
 * Tills, edges and centres of older protocols, as they were when each was the newest: their bytes are in shared/fixtures and
 * are never changed. A till that has been in a drawer for ninety days speaks like this.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { base64ToBytes } from "@regulars/shared/digest";
import { eventSchema } from "@regulars/shared/events/event";
import { applyUpdate, openDocument } from "@regulars/shared/fragment/document";
import { readContribution } from "@regulars/shared/fragment/fragment";
import { decideUpdate } from "@regulars/shared/fragment/update";
import { clientIdOf } from "@regulars/shared/ids";
import {
  eventsIntakeAnswerSchema,
  eventsIntakeSchema,
  fragmentsIntakeAnswerSchema,
  fragmentsIntakeSchema,
} from "@regulars/shared/protocol/intake";
import { publishAnswerSchema, publishSchema } from "@regulars/shared/protocol/publish";
import { pullAnswerSchema, pullSchema } from "@regulars/shared/protocol/pull";
import { pushAnswerSchema, pushSchema } from "@regulars/shared/protocol/push";
import { isSupported } from "@regulars/shared/protocol/version";
import { expect, onTestFinished, test } from "vitest";
import { createFakeEdge } from "../store-agent/testing/fake-edge.ts";
import { countWholeChain, openTill } from "../store-agent/testing/till.ts";

const OLDER = [1, 2, 3] as const;
const fixture = (protocol: number, name: string): URL =>
  new URL(`../shared/fixtures/protocol-${protocol}/${name}`, import.meta.url);
const message = async (protocol: number, name: string): Promise<unknown> =>
  JSON.parse(await readFile(fixture(protocol, `${name}.json`), "utf8"));

const MESSAGES = [
  ["push", pushSchema],
  ["push-answer", pushAnswerSchema],
  ["pull", pullSchema],
  ["pull-answer", pullAnswerSchema],
  ["events", eventsIntakeSchema],
  ["events-answer", eventsIntakeAnswerSchema],
  ["fragments", fragmentsIntakeSchema],
  ["fragments-answer", fragmentsIntakeAnswerSchema],
  ["publish", publishSchema],
  ["publish-answer", publishAnswerSchema],
] as const;

test.each(OLDER.flatMap((protocol) => MESSAGES.map((each) => [protocol, ...each] as const)))(
  "SYN9: of protocol %i %s is understood, and nothing of it is dropped",
  async (protocol, name, schema) => {
    const recorded = await message(protocol, name);
    const parsed = schema.parse(recorded);
    expect(isSupported(parsed)).toBe(true);
    // What came later may be added, empty.
    expect(parsed).toMatchObject(recorded as object);
  },
);

test.each(OLDER)(
  "SYN9: events and fragment updates of protocol %i are read as what they said",
  async (protocol) => {
    const { source, epoch, items } = pushSchema.parse(await message(protocol, "push"));
    const kinds = items.map(({ body }) => eventSchema.parse(JSON.parse(body)).kind);
    expect(kinds).toEqual([
      "sale",
      "claim",
      "sale",
      "return",
      "sale",
      "claim",
      "void",
      "consent",
      "note",
    ]);
    const docs = new Map<string, ReturnType<typeof openDocument>>();
    const clientId = clientIdOf(source, epoch);
    const clocks = new Map<string, number>();
    for (const { key, update, sha256 } of items.flatMap(({ updates }) => updates)) {
      const clock = clocks.get(key) ?? 0;
      const verdict = decideUpdate({ update: base64ToBytes(update), sha256, clientId, clock });
      if (verdict.verdict !== "next") throw new Error(`an old update is ${verdict.verdict}`);
      const doc = docs.get(key) ?? openDocument(null);
      docs.set(key, doc);
      applyUpdate(doc, base64ToBytes(update));
      clocks.set(key, verdict.toClock);
    }
    const { fragments } = fragmentsIntakeSchema.parse(await message(protocol, "fragments"));
    expect(fragments).toHaveLength(docs.size);
    for (const { key, state } of fragments) {
      const whole = readContribution(openDocument(base64ToBytes(state)));
      expect(readContribution(docs.get(key)!)).toEqual(whole);
    }
  },
);

test.each(OLDER)(
  "SYN9, EDG4: a till's folder of protocol %i opens, goes on in its journal, and sends what it had",
  async (protocol) => {
    const dataDir = await mkdtemp(join(tmpdir(), "regulars-old-till-"));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const packed = join(dataDir, "packed");
    await copyFile(fixture(protocol, "till.db.gz"), packed);
    await writeFile(join(dataDir, "store-agent.db"), gunzipSync(await readFile(packed)));
    const edge = createFakeEdge();
    const till = await openTill({ dataDir, edge });
    const sold = await till.captured({
      kind: "sale",
      lines: [{ sku: "tea", quantity: "1", unitPrice: "2.50" }],
    });
    expect(sold).toMatchObject({ epoch: 1, seq: 10, receipt: "till-1-1-000006" });
    const repeated = { kind: "sale", idempotencyKey: "pos-1", lines: [] };
    expect(await till.captured(repeated)).toMatchObject({ repeated: true, seq: 1 });
    expect(await countWholeChain(till.storage)).toBe(10);
    await till.sync.push();
    const { items } = pushSchema.parse(await message(protocol, "push"));
    expect(edge.items.slice(0, 9)).toEqual(items);
    expect(edge.items).toHaveLength(10);
  },
);
