/** Captures one a line (NDJSON): a line that cannot be used is an item for the desk, and the others go on. */
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { readCapture } from "../capture-form.ts";
import { contentKey, namedKey } from "../delivery-key.ts";
import { type Failure, failureOf } from "../failure.ts";
import type { Mapper } from "../mapper.ts";
import { readJson } from "../read/json.ts";

export const NDJSON_TOPIC = "capture";

export interface LineItem {
  /** The capture's own key, or a digest of the line. */
  readonly key: string;
  readonly topic: typeof NDJSON_TOPIC;
  readonly body: Uint8Array;
  /** It cannot be used; says the number of the line. */
  readonly failed?: Failure;
}

/** Empty lines are none. Fails with `too_large`. */
export function splitNdjson(
  body: Uint8Array,
  receivedAtMs: number,
): Result<readonly LineItem[], Failure> {
  if (body.byteLength > LIMITS.messagesBytes) return fail(failureOf("too_large"));
  const items: LineItem[] = [];
  for (const { bytes, number } of linesOf(body)) {
    if (items.length === LIMITS.messagesItems) return fail(failureOf("too_large", "lines"));
    items.push(itemOf(bytes, number, receivedAtMs));
  }
  return ok(items);
}

/** Maps one line. */
export const mapNdjson: Mapper = ({ body, receivedAtMs }) => {
  const read = readLine(body, receivedAtMs);
  return read.ok ? ok({ captures: [read.value.capture] }) : read;
};

function itemOf(bytes: Uint8Array, number: number, receivedAtMs: number): LineItem {
  const topic = NDJSON_TOPIC;
  const where = `Line ${number}.`;
  if (bytes.byteLength > LIMITS.messageBytes) {
    const body = bytes.slice(0, LIMITS.segmentEventBytes);
    const failed = failureOf("too_large", undefined, where);
    return { key: contentKey("line", bytes), topic, body, failed };
  }
  const read = readLine(bytes, receivedAtMs);
  if (read.ok) return { key: read.value.key, topic, body: bytes };
  const { code, field, detail } = read.reason;
  const failed = failureOf(code, field, detail === undefined ? where : `${where} ${detail}`);
  return { key: contentKey("line", bytes), topic, body: bytes, failed };
}

function readLine(bytes: Uint8Array, receivedAtMs: number) {
  const value = readJson(bytes);
  if (!value.ok) return value;
  const key = contentKey("line", bytes);
  const read = readCapture(value.value, { key, at: new Date(receivedAtMs).toISOString() });
  if (!read.ok) return read;
  // A key is a capture's within its kind; two kinds may share one.
  const named = `${read.value.kind}/${read.value.key}`;
  return ok({
    capture: read.value,
    key: read.value.key === key ? key : namedKey("capture", named),
  });
}

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

function* linesOf(body: Uint8Array): Generator<{ bytes: Uint8Array; number: number }> {
  let number = 0;
  let from = 0;
  while (from < body.length) {
    const at = body.indexOf(NEWLINE, from);
    const to = at === -1 ? body.length : at;
    number += 1;
    const bytes = body.slice(from, body[to - 1] === CARRIAGE_RETURN ? Math.max(from, to - 1) : to);
    if (bytes.some((byte) => byte > 32)) yield { bytes, number };
    from = to + 1;
  }
}
