/** What stands before each route of connectors and of their desk; null: open to all. */
import type { Action } from "@regulars/shared/access/actions";

export const INTAKE_ROUTES: Readonly<Record<string, Action | null>> = {
  "POST /v1/webhooks/:account": null,
  "GET /v1/intake/failed": "intake.read",
  "GET /v1/intake/groups": "intake.read",
  "GET /v1/intake/items/:shop/:n": "intake.read",
  "POST /v1/intake/replay": "intake.replay",
  "POST /v1/intake/drop": "intake.replay",
  "GET /v1/intake/privacy": "intake.read",
  "POST /v1/intake/privacy/:shop/:n/close": "intake.replay",
  "GET /v1/intake/health": "intake.read",
  "POST /v1/events": "ingest.events",
  "POST /v1/import/:format": "ingest.events",
  ...Object.fromEntries(
    ["batch", "import", "identify", "track", "page", "screen", "group", "alias"].flatMap((path) => [
      [`POST /v1/${path}`, "ingest.segment" as const],
      [`OPTIONS /v1/${path}`, null],
    ]),
  ),
};

/** What a caller without anything hears from a route that is open. */
export function openStatusOf(route: string): number {
  if (route.startsWith("OPTIONS ")) return 204;
  if (route.startsWith("POST /v1/webhooks/")) return 404;
  return route.endsWith("enrol") || route.endsWith("token") ? 422 : 200;
}
