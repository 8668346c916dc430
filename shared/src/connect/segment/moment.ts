/**
 * When a message's event happened. Clients say it by their own clock, which may be years off; by the same clock they say when
 * they sent it, and the difference of the two is right.
 */
import { LIMITS } from "../../limits.ts";
import { fail, ok, type Result } from "../../result.ts";
import { type Failure, failureOf } from "../failure.ts";
import { instantOfUtc } from "../read/instant.ts";

export interface ClientTimes {
  readonly timestamp?: unknown;
  readonly originalTimestamp?: unknown;
  readonly sentAt?: unknown;
  /** Said only by another receiver that passes the message on: it has corrected `timestamp` already. */
  readonly receivedAt?: unknown;
}

/** There were no such clients before; an earlier time is a clock that was never set. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);

/**
 * `receivedAt − (sentAt − originalTimestamp)`, in ms of the receiver's clock. Without `sentAt` the client's word stands,
 * without a time of its own it is now; what cannot be is now as well. Fails with `bad_time` for a time that is none.
 */
export function momentOf(times: ClientTimes, receivedAtMs: number): Result<number, Failure> {
  const field = isAbsent(times.originalTimestamp) ? "timestamp" : "originalTimestamp";
  const original = msOf(times[field]);
  if (original === null && !isAbsent(times[field])) return fail(failureOf("bad_time", field));
  const corrected = msOf(times.timestamp);
  const passedOn = msOf(times.receivedAt);
  if (passedOn !== null && corrected !== null) return ok(possible(corrected, receivedAtMs));
  const sent = msOf(times.sentAt);
  if (original === null) return ok(receivedAtMs);
  const moment = sent === null ? original : (passedOn ?? receivedAtMs) - (sent - original);
  return ok(possible(moment, receivedAtMs));
}

function possible(moment: number, receivedAtMs: number): number {
  const isPossible = moment >= EARLIEST_MS && moment <= receivedAtMs + LIMITS.clockAheadMs;
  return isPossible ? moment : receivedAtMs;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

function msOf(value: unknown): number | null {
  // Some clients count, in seconds or in milliseconds; milliseconds of so few digits would lie in 1970.
  if (typeof value === "number") return Number.isFinite(value) ? msOfCount(value) : null;
  if (typeof value !== "string") return null;
  // Without an offset it is UTC, as Segment reads it; a day is its beginning.
  const iso = instantOfUtc(value) ?? instantOfUtc(`${value.trim()}T00:00`);
  return iso === null ? null : Date.parse(iso);
}

const SECONDS_END = 10_000_000_000;

const msOfCount = (count: number): number =>
  Math.trunc(Math.abs(count) < SECONDS_END ? count * 1000 : count);
