/** The answers of an edge whose intake desk holds items, for tests of the console; the real one is in test/front-door. */
import { NOON_MS } from "./app.ts";

export const DESK_BODY = JSON.stringify({ email: "ada@example.com", total: 12, lines: [{ sku: "TEA" }], "ada@example.com": 1 }); // prettier-ignore

interface Item {
  n: number;
  code: string | null;
  state: string;
  tries: number;
}

/** Everything takes effect. */
const readWell: (item: Item) => string | null = () => null;

/** The answers of an edge whose desk holds items; the whole house with the real one is in test/front-door. */
export function createDeskEdge() {
  const items: Item[] = Array.from({ length: 3 }, (_, at) => ({ n: at + 1, code: "rule", state: "failed", tries: 1 })); // prettier-ignore
  const account = { id: "shop-1", kind: "events", shop: "web-uk", realm: "web", channel: "web", zone: "Europe/London", country: "GB", currency: "GBP", trust: 5, rules: { maxTotalMinor: 100 }, retry: { attempts: 5, firstMs: 1_000 } }; // prettier-ignore
  const base = { account: "shop-1", format: "cloudevents", topic: "sale", field: "total" };
  const edge = {
    items,
    account,
    isAway: false,
    /** What reading an item anew comes to; null for its effect. */
    read: readWell,
  };
  const failing = (like?: Item) =>
    items.filter(({ state, code }) => state === "failed" && (!like || code === like.code));
  const shown = (item: Item) => ({
    ...base, n: item.n, shop: "web-uk", key: `k-${item.n}`, state: item.state, receivedMs: NOON_MS - 7_200_000, code: item.code,
    field: item.code && "total", words: item.code && "It breaks a rule that was set for this connector: total.",
    headers: { "content-type": "application/json" }, body: btoa(DESK_BODY),
    history: Array.from({ length: item.tries }, () => ({ atMs: NOON_MS - 7_000_000, code: "rule" })),
  }); // prettier-ignore
  function replay(asked: readonly Item[]) {
    const reasons: Record<string, number> = {};
    for (const item of asked) {
      item.code = edge.read(item);
      item.state = item.code === null ? "done" : "failed";
      item.tries += 1;
      if (item.code !== null) reasons[item.code] = (reasons[item.code] ?? 0) + 1;
    }
    const kept = Object.values(reasons).reduce((sum, count) => sum + count, 0);
    return { replayed: asked.length - kept, kept, reasons, setAside: 0 };
  }
  function post(path: string, body: { item?: string; like?: string; next?: number }) {
    if (path === "/v1/quarantine/replay") return { replayed: 0, kept: 0, more: false };
    const n = Number((body.item ?? body.like ?? "").split("/")[1]);
    const one = items.find((item) => item.n === n);
    if (!one) return null;
    if (path === "/v1/intake/drop") {
      Object.assign(one, { state: "dropped", code: null });
      return { dropped: 1 };
    }
    if (body.item !== undefined) return { ...replay([one]), more: false, next: null };
    const [next, ...more] = failing(one).filter((item) => item.n > (body.next ?? 0));
    return { ...replay(next ? [next] : []), more: more.length > 0, next: more.length > 0 ? (next?.n ?? null) : null }; // prettier-ignore
  }
  function get(path: string): unknown {
    const group = failing().map((item) => ({ ...base, code: item.code, shop: "web-uk", oldestMs: NOON_MS - 7_200_000, like: `web-uk/${item.n}` })); // prettier-ignore
    const codes = [...Map.groupBy(group, ({ code }) => code).values()];
    if (path === "/v1/intake/groups") return { groups: codes.map((each) => ({ ...each[0], items: each.length })) }; // prettier-ignore
    if (path === "/v1/intake/health") return { accounts: [{ account: "shop-1", shop: "web-uk", kind: "events", seenMs: NOON_MS, waiting: 0, failed: 3, errorRate: 0.5, stopped: null, alerts: [] }] }; // prettier-ignore
    if (path === "/v1/quarantine") return { items: [] };
    if (path.startsWith("/v1/intake/failed")) return { items: failing().map((item) => ({ ...shown(item), item: `web-uk/${item.n}`, words: "x", attempts: 1, retryMs: null, worthMinor: 1_200, currency: "GBP" })), cursor: null }; // prettier-ignore
    if (path === "/v1/accounts/shop-1") return { ...edge.account, secrets: { webhookSecret: true, apiToken: false }, keys: [] }; // prettier-ignore
    const one = items.find((item) => path === `/v1/intake/items/web-uk/${item.n}`);
    return one ? shown(one) : null;
  }
  return Object.assign(edge, {
    ask: (method: string, path: string, body?: object) => {
      if (edge.isAway) return Promise.reject(new Error("away"));
      if (method === "PUT") {
        if (!("zone" in (body ?? {}))) return Promise.resolve({ status: 422, json: { type: "t", title: "t", status: 422, reason: "invalid_field", errors: [{ field: "zone", reason: "is required" }] } }); // prettier-ignore
        edge.account = { ...account, ...body };
        return Promise.resolve({ status: 200, json: {} });
      }
      const json = method === "POST" ? post(path, body ?? {}) : get(path);
      return Promise.resolve({ status: json === null ? 404 : 200, json });
    },
  });
}
