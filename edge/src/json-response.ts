import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";

/** JSON that is text already. */
export function jsonResponse(json: string): Response {
  return new Response(json, { headers: { "content-type": "application/json" } });
}

/** Whoever hears this may pack what it says next (RFC 7694). */
export const UNPACKS = { "accept-encoding": "gzip" } as const;

/** Shorter ones fit a packet or two as they are. */
const PACKED_FROM_CHARS = 2_048;

/** The answer to another tier, with its digest: of the JSON, however it is packed on its way. */
export function messageResponse(
  message: object | string,
  asked?: Pick<Request, "headers">,
): Response {
  const json = typeof message === "string" ? message : JSON.stringify(message);
  const isUnpacked = (asked?.headers.get("accept-encoding") ?? "").includes("gzip");
  const headers: Record<string, string> = {
    "content-type": "application/json",
    [CONTENT_DIGEST]: contentDigestOf(json),
    ...UNPACKS,
    // The runtime packs what says that it is.
    ...(isUnpacked && json.length >= PACKED_FROM_CHARS ? { "content-encoding": "gzip" } : {}),
  };
  return new Response(json, { headers });
}
