/**
 * Webhooks of platforms: proven by their signature over the bytes as they came, durable, answered, and only then read (ING1).
 * What does not prove where it comes from is kept for a person to see, bounded, and never read.
 *
 * A body above the limit is answered with 413 and not kept: no platform sends one, and whoever does has proven nothing.
 */
import { Hono } from "hono";
import { type Failure, wordsOf } from "@regulars/shared/connect/failure";
import { sha256Hex } from "@regulars/shared/digest";
import { LIMITS } from "@regulars/shared/limits";
import { problemOf } from "@regulars/shared/problem";
import { createBuckets } from "../../access/buckets.ts";
import { open } from "../../access/permit.ts";
import type { Env } from "../../environment.ts";
import { PLATFORMS } from "../../intake/platforms.ts";
import type { ReceivedItem } from "../../intake/port.ts";
import { verifyMessage } from "../../intake/verify.ts";
import { problemResponse } from "../../problem-response.ts";
import { createRegistry } from "../../registry/known.ts";
import { headersOf, readBytes } from "../read-bytes.ts";
import { overloadedResponse, receiveItems } from "../receive-items.ts";

/** Whoever guesses may do so slowly: what an isolate keeps of messages without proof, per account. */
const UNPROVEN = { perSecond: LIMITS.unprovenPerSecond, atOnce: LIMITS.intakeUnprovenItems };
const unproven = createBuckets(LIMITS.knownCallers);

export const webhookRoutes = new Hono<{ Bindings: Env }>().post(
  "/:account",
  open(),
  async ({ req, env }) => {
    const account = await createRegistry(env).accountOf(req.param("account"));
    const platform = account && PLATFORMS[account.kind];
    if (!account || !platform) return problemResponse(problemOf("not_found"));
    const read = await readBytes(req.raw, LIMITS.intakeBodyBytes);
    if (!read.ok) return problemResponse(read.reason);
    const body = read.value;
    const headers = headersOf(req.raw, platform.headers);
    const receivedAtMs = Date.now();
    const failure = verifyMessage(account, { body, headers, nowMs: receivedAtMs });
    const item: ReceivedItem = {
      format: account.kind,
      topic: platform.topicOf(headers, body),
      key: platform.keyOf(headers, body),
      headers,
      body,
      receivedAtMs,
    };
    if (!failure) return receiveItems(env, account, { items: [item] });
    const waitMs = unproven.take(account.id, UNPROVEN, receivedAtMs);
    if (waitMs !== null) return overloadedResponse();
    const kept = await receiveItems(env, account, { items: [withoutProof(item, failure)] });
    return kept.ok ? unauthorized(failure) : kept;
  },
);

/** Under a key of its own: the true one may still come, under the key that this one claims. */
const withoutProof = (item: ReceivedItem, failed: Failure): ReceivedItem => ({
  ...item,
  topic: item.topic.slice(0, 100),
  key: `unproven:${sha256Hex(item.body)}`,
  body: item.body.slice(0, LIMITS.intakeUnprovenBytes),
  failed,
});

const unauthorized = (failure: Failure): Response =>
  problemResponse(problemOf("unauthorized", { detail: wordsOf(failure) }));
