import { CONTENT_DIGEST, contentDigestOf } from "@regulars/shared/content-digest";

/** JSON that is text already. */
export function jsonResponse(json: string): Response {
  return new Response(json, { headers: { "content-type": "application/json" } });
}

/** The answer to another tier, with its digest. It may pack what it says next (RFC 7694). */
export async function messageResponse(message: object | string): Promise<Response> {
  const json = typeof message === "string" ? message : JSON.stringify(message);
  const response = jsonResponse(json);
  response.headers.set(CONTENT_DIGEST, await contentDigestOf(json));
  response.headers.set("accept-encoding", "gzip");
  return response;
}
