/**
 * Content-Digest (RFC 9530, sha-256) of what travels between tiers. TCP's checksum lets one damaged segment in a few
 * billion through, and proxies bend what they like: a bent row would look like another machine's, a bent mark would
 * have a till forget what nobody has.
 */
import { bytesToBase64 } from "./digest.ts";

export const CONTENT_DIGEST = "content-digest";

export async function contentDigestOf(body: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body));
  return `sha-256=:${bytesToBase64(new Uint8Array(digest))}:`;
}

/** `absent` is for the caller to judge: tills of protocol 1 send none. */
export async function checkContentDigest(
  body: string,
  header: string | null | undefined,
): Promise<"whole" | "absent" | "damaged"> {
  if (header === null || header === undefined) return "absent";
  return header === (await contentDigestOf(body)) ? "whole" : "damaged";
}
