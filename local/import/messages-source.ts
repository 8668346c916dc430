/** Messages of platforms, CloudEvents and captures of our own: one a line, or all of a JSON list. */
import { basename } from "node:path";
import { cloudEventsMapper } from "@regulars/shared/connect/cloudevents/map";
import { splitCloudEvents } from "@regulars/shared/connect/cloudevents/split";
import { contentKey } from "@regulars/shared/connect/delivery-key";
import { type Failure, failureOf, wordsOf } from "@regulars/shared/connect/failure";
import {
  elementsOf,
  isObjectText,
  jsonTextOf,
  membersOf,
  textMember,
} from "@regulars/shared/connect/json-text";
import type { MapAccount, Mapper } from "@regulars/shared/connect/mapper";
import { mapNdjson, NDJSON_TOPIC } from "@regulars/shared/connect/ndjson/ndjson";
import { splitBatch } from "@regulars/shared/connect/segment/split";
import { mapSegment } from "@regulars/shared/connect/segment/map";
import { mapShopify, topicOf as shopifyTopicOf } from "@regulars/shared/connect/shopify/index";
import { SQUARE_API_TOPIC, squareTopicOf } from "@regulars/shared/connect/square/envelope";
import { mapSquare } from "@regulars/shared/connect/square/map";
import { mapWooCommerce, topicOf as wooTopicOf } from "@regulars/shared/connect/woocommerce/index";
import { LIMITS } from "@regulars/shared/limits";
import { CommandFailure } from "../command.ts";
import { openText } from "../formats/read-text.ts";
import { FileBroke, type Item, type Source } from "./item.ts";
import type { Format } from "./options.ts";
import { readWhole } from "./whole-file.ts";

export type MessageFormat = Exclude<Format, "csv" | "poslog">;

interface Message {
  readonly topic: string;
  readonly body: Uint8Array;
  readonly failed?: Failure;
}

interface Reader {
  readonly map: Mapper;
  /** Messages of one record; most formats have one in each. */
  messages(body: Uint8Array, topic: string | null): readonly Message[];
}

const platform = (map: Mapper, topicOf: (body: Uint8Array) => string): Reader => ({
  map,
  messages(record, topic) {
    const sent = unwrapped(record);
    const body = sent?.body ?? record;
    return [{ topic: sent?.topic ?? topic ?? topicOf(body), body }];
  },
});

const segment: Reader = {
  map: mapSegment,
  messages(body) {
    const isBatch = isBatchText(new TextDecoder().decode(body));
    const text = isBatch ? body : encoded(`{"batch":[${new TextDecoder().decode(body)}]}`);
    const batch = splitBatch(text, {});
    return batch.ok ? batch.value.messages : [{ topic: "", body, failed: batch.reason }];
  },
};

function isBatchText(text: string): boolean {
  const read = jsonTextOf(encoded(text));
  return read.ok && isObjectText(read.value) && membersOf(read.value).has("batch");
}

const READERS: Readonly<Record<MessageFormat, Reader>> = {
  ndjson: { map: mapNdjson, messages: (body) => [{ topic: NDJSON_TOPIC, body }] },
  cloudevents: {
    map: cloudEventsMapper({
      shopify: mapShopify,
      woocommerce: mapWooCommerce,
      square: mapSquare,
      segment: mapSegment,
    }),
    messages(body) {
      const events = splitCloudEvents(body, {});
      return events.ok ? events.value : [{ topic: "", body, failed: events.reason }];
    },
  },
  segment,
  // What is no notification is an answer of the API.
  square: platform(mapSquare, (body) => {
    const topic = squareTopicOf(body);
    return topic === "unknown" ? SQUARE_API_TOPIC : topic;
  }),
  shopify: platform(mapShopify, (body) => shopifyTopicOf({}, body)),
  woocommerce: platform(mapWooCommerce, (body) => wooTopicOf({}, body)),
};

export interface MessageContext {
  readonly account: MapAccount;
  readonly topic: string | null;
  /** When the file was written: what a message without a time of its own is dated. */
  readonly writtenMs: number;
}

export async function* messageSource(
  path: string,
  format: MessageFormat,
  context: MessageContext,
): Source {
  const reader = READERS[format];
  for await (const { body, ...at } of readRecords(path)) {
    for (const message of reader.messages(body, context.topic)) {
      yield { ...itemOf(message, reader.map, context), ...at };
    }
  }
}

function itemOf(
  { topic, body, failed }: Message,
  map: Mapper,
  { account, writtenMs }: MessageContext,
): Omit<Item, "position" | "line"> {
  const raw = body;
  const key = contentKey("file", body);
  const asFailed = (failure: Failure) => ({ captures: [], failed: { key, failure, raw } });
  if (failed !== undefined) return asFailed(failed);
  const mapped = map({ topic, body, headers: {}, receivedAtMs: writtenMs }, account);
  if (!mapped.ok) return asFailed(mapped.reason);
  if ("needs" in mapped.value) {
    const words = "It says too little by itself: export what it is about as well.";
    return asFailed(failureOf("missing_field", undefined, words));
  }
  const { captures } = mapped.value;
  return captures.length === 0 ? { captures, skipped: "nothing_kept" } : { captures };
}

/** A webhook as it was kept: `{"topic": …, "body": {…}}`. Null for a body that stands alone. */
function unwrapped(
  record: Uint8Array,
): { readonly topic: string; readonly body: Uint8Array } | null {
  const read = jsonTextOf(record);
  if (!read.ok || !isObjectText(read.value)) return null;
  const members = membersOf(read.value);
  const topic = textMember(members, "topic");
  const body = members.get("body");
  return topic !== null && isObjectText(body) ? { topic, body: encoded(body) } : null;
}

interface FileRecord {
  readonly body: Uint8Array;
  readonly position: number;
  /** Of the file; none in a list. */
  readonly line?: number;
}

async function* readRecords(path: string): AsyncGenerator<FileRecord> {
  const text = await openText(path);
  let rest = Buffer.alloc(0);
  let bytes = 0;
  let isFirst = true;
  let line = 1;
  for await (const chunk of text.read()) {
    bytes += chunk.length;
    const lines = Buffer.concat([rest, chunk]);
    if (isFirst && isDocument(lines)) {
      yield* readList(path);
      return;
    }
    isFirst = false;
    const end = lines.lastIndexOf("\n") + 1;
    line = yield* linesOf(lines.subarray(0, end), line, Math.min(bytes / text.bytes, 1));
    rest = Buffer.from(lines.subarray(end));
  }
  if (text.ending.failure === "the line does not end" && isFirst) {
    yield* readList(path); // a list, or one document, all in one line
    return;
  }
  yield* linesOf(rest, line, 1);
  if (text.ending.failure !== null) {
    throw new FileBroke(`${text.name}: ${text.ending.failure}.`);
  }
}

/** A list, or an object that goes on in the next line. */
function isDocument(bytes: Buffer): boolean {
  const text = withoutMark(bytes).toString("utf8").trimStart();
  if (text.startsWith("[")) return true;
  const [line = ""] = text.split("\n", 1);
  return text.startsWith("{") && !jsonTextOf(encoded(line)).ok && jsonStarts(text);
}

/** A line that is cut off is a broken line; an object that is written over several begins with a brace and a name. */
const jsonStarts = (text: string): boolean => /^\{[ \t]*\r?\n\s*"/.test(text);

/** `first` is the number of the first line; that of the next is returned. Empty lines are counted and left out. */
function* linesOf(bytes: Buffer, first: number, position: number): Generator<FileRecord, number> {
  let line = first;
  for (let from = 0; from < bytes.length; line++) {
    const at = bytes.indexOf("\n", from);
    const end = at === -1 ? bytes.length : at;
    const body = withoutMark(bytes.subarray(from, end));
    if (body.some((byte) => byte > 32)) yield { body: Uint8Array.from(body), position, line };
    from = end + 1;
  }
  return line;
}

/** The whole file at once. */
async function* readList(path: string): AsyncGenerator<FileRecord> {
  const bytes = withoutMark(await readWhole(path, LIMITS.poslogBytes));
  const read = jsonTextOf(bytes);
  if (!read.ok) throw new CommandFailure(`${basename(path)}: ${wordsOf(read.reason)}`);
  const elements = read.value.startsWith("[") ? elementsOf(read.value) : [read.value];
  for (const [at, element] of elements.entries()) {
    yield { body: encoded(element), position: (at + 1) / elements.length };
  }
}

const withoutMark = (bytes: Buffer): Buffer =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
