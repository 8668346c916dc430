/**
 * The version of the conversation between tiers. A test compares a hash of every message schema with the one
 * recorded beside the version: whoever changes the wire without raising the version is told so (SYN9).
 */
import { z } from "zod";

export const PROTOCOL = 4;
/** Oldest protocol that this build still understands. */
export const PROTOCOL_MIN = 1;
/** Version of what events and fragments hold. */
export const SCHEMA = 5;

/** First in every message between tiers. `minReader`: readers older than this must not touch the message. */
export const versionShape = {
  protocol: z.int().min(1),
  schema: z.int().min(1),
  minReader: z.int().min(1),
} as const;

export const THIS_VERSION = {
  protocol: PROTOCOL,
  schema: SCHEMA,
  minReader: PROTOCOL_MIN,
} as const;

export function isSupported(message: { protocol: number; minReader: number }): boolean {
  return message.protocol >= PROTOCOL_MIN && message.minReader <= PROTOCOL;
}
