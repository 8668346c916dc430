/** JSON that is text already. */
export function jsonResponse(json: string): Response {
  return new Response(json, { headers: { "content-type": "application/json" } });
}
