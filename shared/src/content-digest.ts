/**
 * Content-Digest (RFC 9530, sha-256) of what travels between tiers. TCP's checksum lets one damaged segment in a few
 * billion through, and proxies bend what they like: a bent row would look like another machine's, a bent mark would
 * have a till forget what nobody has.
 */
import { sha256Base64 } from "./digest.ts";

export const CONTENT_DIGEST = "content-digest";

export const contentDigestOf = (body: string): string => `sha-256=:${sha256Base64(body)}:`;

/** Messages from this protocol on come with their digest (SYN9). */
const DIGEST_PROTOCOL = 2;

/**
 * Whether the body is what was sent: by its digest, or, where there is none, because the message that it holds is of a
 * protocol that knew none, or of no protocol at all.
 */
export function isAsSent(
  body: string,
  header: string | null | undefined,
  message: unknown,
): boolean {
  if (typeof header === "string") return header === contentDigestOf(body);
  const protocol =
    typeof message === "object" && message !== null && "protocol" in message
      ? message.protocol
      : null;
  return typeof protocol !== "number" || protocol < DIGEST_PROTOCOL;
}
