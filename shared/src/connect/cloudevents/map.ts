/**
 * What a CloudEvent says: one of our own captures (`regulars.capture.order`), or a message of a platform that somebody
 * passes on (`shopify.orders/create`), which that platform's connector reads.
 */
import { base64Schema } from "../../protocol/item.ts";
import { base64ToBytes } from "../../digest.ts";
import { fail, ok, type Result } from "../../result.ts";
import { readCapture, utcOf } from "../capture-form.ts";
import { type Failure, failureOf } from "../failure.ts";
import { isObjectText, jsonTextOf, membersOf } from "../json-text.ts";
import type { MapAccount, Mapped, Mapper, Sent } from "../mapper.ts";
import { type Attributes, eventKeyOf, readAttributes } from "./split.ts";

export const CAPTURE_TYPE = "regulars.capture.";

/** `delegates`: the connectors of platforms, by the first word of the type. The rest of the type is their topic. */
export function cloudEventsMapper(delegates: Readonly<Record<string, Mapper>>): Mapper {
  return (sent, account) => mapEvent(sent, account, delegates);
}

function mapEvent(
  sent: Sent,
  account: MapAccount,
  delegates: Readonly<Record<string, Mapper>>,
): Mapped {
  const read = jsonTextOf(sent.body);
  if (!read.ok) return read;
  if (!isObjectText(read.value)) {
    return fail(failureOf("bad_field", undefined, "It is no JSON object."));
  }
  const members = membersOf(read.value);
  const attributes = readAttributes(members);
  if (!attributes.ok) return attributes;
  const data = dataOf(members);
  if (!data.ok) return data;
  const { type } = attributes.value;
  if (type.startsWith(CAPTURE_TYPE)) return mapCapture(attributes.value, data.value, sent);
  const dot = type.indexOf(".");
  const platform = type.slice(0, Math.max(dot, 0));
  const delegate = Object.hasOwn(delegates, platform) ? delegates[platform] : undefined;
  if (delegate === undefined) return fail(failureOf("unknown_topic", "type"));
  return delegate({ ...sent, topic: type.slice(dot + 1), body: data.value }, account);
}

function mapCapture(attributes: Attributes, data: Uint8Array, { receivedAtMs }: Sent): Mapped {
  const text = jsonTextOf(data);
  if (!text.ok) return fail({ ...text.reason, field: "data" });
  const { id, source, time, type } = attributes;
  const capture = readCapture(JSON.parse(text.value), {
    kind: type.slice(CAPTURE_TYPE.length),
    key: eventKeyOf(source, id),
    at: utcOf(time) ?? new Date(receivedAtMs).toISOString(),
  });
  return capture.ok ? ok({ captures: [capture.value] }) : capture;
}

function dataOf(members: ReadonlyMap<string, string>): Result<Uint8Array, Failure> {
  const data = members.get("data");
  if (data !== undefined) return ok(new TextEncoder().encode(data));
  const encoded = members.get("data_base64");
  if (encoded === undefined) return fail(failureOf("missing_field", "data"));
  const text = base64Schema.safeParse(JSON.parse(encoded));
  return text.success
    ? ok(base64ToBytes(text.data))
    : fail(failureOf("bad_field", "data_base64", "It is not base64."));
}
