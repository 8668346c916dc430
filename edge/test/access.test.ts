/** Every caller × every route × every group of fields, against the matrix that is written out by hand. */
import { reset } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, expect, test } from "vitest";
import { identityKeyOf } from "@regulars/shared/identity/key";
import { problemSchema } from "@regulars/shared/problem";
import { ACTIONS, type Action, FIELD_GROUPS } from "@regulars/shared/access/actions";
import type { Caller } from "../src/access/caller.ts";
import { actionOf } from "../src/access/permit.ts";
import { type Scope, SCOPES } from "@regulars/shared/access/scopes";
import { fieldsFor } from "../src/access/fields-for.ts";
import { app } from "../src/app.ts";
import { accountOf, apiKey, call, CENTRE, provider, tillToken } from "./callers.ts";
import { type CallerName, CALLERS, EXPECTED, ROUTES, SHOWN } from "./access-matrix.ts";
import { until } from "./settle.ts";
import { openStatusOf } from "./intake/doors.ts";

afterEach(() => reset());

const PROVIDER_CLAIMS = {
  customer: { sub: "user-1" },
  associate: { sub: "staff-1", role: "associate", store: "one" },
  desk: { sub: "staff-2", role: "service_desk" },
} as const;

async function tokenOf(name: CallerName): Promise<string> {
  switch (name) {
    case "till":
      return tillToken("till-1", "one");
    case "centre":
      return CENTRE;
    case "customer":
    case "associate":
    case "desk":
      return (await provider()).tokenOf(PROVIDER_CLAIMS[name]);
    default:
      return apiKey([name], `app-${name.replace(":", "-")}`);
  }
}

/** `METHOD path` → the actions before it, in order. */
function doors(): Map<string, (Action | null)[]> {
  const found = new Map<string, (Action | null)[]>();
  for (const { method, path, handler } of app.routes) {
    const name = `${method} ${path}`;
    const known = found.get(name) ?? [];
    const action = actionOf(handler);
    if (action !== undefined) known.push(action);
    found.set(name, known);
  }
  return found;
}

test("SEC1 SEC4: every route has exactly one door, and it is the one that is expected", () => {
  expect(Object.fromEntries(doors())).toEqual(
    Object.fromEntries(Object.entries(ROUTES).map(([route, action]) => [route, [action]])),
  );
});

const requestOf = (route: string, headers: Record<string, string>): Promise<Response> => {
  const [method = "", path = ""] = route.split(" ");
  const filled = path
    .replace(":customer", "c0123456789012345678901")
    .replace(":id", "app-events") // whose connector may read it
    .replaceAll(/:(source|key)/g, "nobody");
  const body = method === "GET" || method === "DELETE" ? {} : { body: "{}" };
  return exports.default.fetch(`https://edge.test${filled}`, { method, headers, ...body });
};

const isProtected = ([, action]: readonly [string, Action | null]): boolean => action !== null;
const PROTECTED = Object.entries(ROUTES).filter(isProtected) as [string, Action][];

test.each(CALLERS)(
  "SEC1 SEC4: %s gets through to what is expected, and to nothing else",
  async (name) => {
    const authorization = `Bearer ${await tokenOf(name)}`;
    const got: Record<string, boolean> = {};
    for (const [route] of PROTECTED) {
      // A customer calls more often here than one may.
      const response = await until(
        () => requestOf(route, { authorization }),
        ({ status }) => status !== 429,
      );
      // Behind the door an empty request is refused for what it lacks; the door says 403.
      expect([route, response.status]).not.toEqual([route, 401]);
      got[route] = response.status !== 403;
      await response.body?.cancel();
    }
    expect(got).toEqual(
      Object.fromEntries(
        PROTECTED.map(([route, action]) => [route, EXPECTED[action].includes(name)]),
      ),
    );
  },
);

test.each(CALLERS)(
  "SEC1: %s reads its own account at most, unless it keeps them all",
  async (name) => {
    const secrets = { webhookSecret: "hook-7f3a", apiToken: "token-7f3a" };
    const alertUrl = "https://alerts.test/hook-7f3a";
    for (const id of ["app-events", "app-webhooks"]) {
      await call("PUT", `/v1/accounts/${id}`, CENTRE, { ...accountOf(id), secrets, alertUrl });
    }
    const token = await tokenOf(name);
    if (name === "events")
      await call("PUT", "/v1/accounts/app-events", CENTRE, {
        ...accountOf("app-events"),
        secrets,
        alertUrl,
      });
    const answers: unknown[] = [];
    for (const id of ["app-events", "app-webhooks", "nobody"]) {
      const { status, json } = await call("GET", `/v1/accounts/${id}`, token);
      expect(JSON.stringify(json)).not.toContain(name === "events" ? "7f3a" : "token-7f3a");
      answers.push(status === 200 && name === "events" ? json : status);
    }
    const mayManage = EXPECTED["accounts.manage"].includes(name);
    const own = name === "events" ? accountOf("app-events") : 403;
    expect(answers).toEqual(mayManage ? [200, 200, 404] : [own, 403, 403]);
  },
);

const part = (value: object): string => btoa(JSON.stringify(value)).replaceAll("=", "");

function unsigned(): string {
  return `${part({ alg: "none", typ: "till+jwt" })}.${part({ sub: "till-1", store: "one" })}.`;
}

const PROVEN_BY_NOTHING: readonly [string, Record<string, string>][] = [
  ["nothing", {}],
  ["a token of nobody", { authorization: "Bearer not-one-of-the-tokens" }],
  ["an API key of nobody", { authorization: `Bearer rk_${"0".repeat(16)}_${"A".repeat(43)}` }],
  ["another scheme", { authorization: `Digest ${CENTRE}` }],
  ["a password", { authorization: `Basic ${btoa(`console:${CENTRE}`)}` }],
  ["two tokens", { authorization: `Bearer ${CENTRE} ${CENTRE}` }],
  ["a token that is too long", { authorization: `Bearer ${"x".repeat(9_000)}` }],
  ["a token without a signature", { authorization: `Bearer ${unsigned()}` }],
];

test.each(PROVEN_BY_NOTHING)("SEC4: %s opens no route", async (_what, headers) => {
  for (const [route] of PROTECTED) {
    const response = await requestOf(route, headers);
    expect([route, response.status]).toEqual([route, 401]);
    expect(problemSchema.parse(await response.json()).reason).toBe("unauthorized");
  }
});

test("SEC4: what is open is open to everybody, and what does not exist is nobody's", async () => {
  for (const [route, action] of Object.entries(ROUTES)) {
    if (action !== null) continue;
    const { status } = await requestOf(route, {});
    expect([route, status]).toEqual([route, openStatusOf(route)]);
  }
  const { status } = await requestOf("GET /v1/anything", { authorization: `Bearer ${CENTRE}` });
  expect(status).toBe(404);
});

const account = accountOf("app-1");
const asCaller = (name: CallerName): Caller => {
  switch (name) {
    case "till":
      return { kind: "till", source: "till-1", store: "one", epoch: 1, formerStores: [] };
    case "customer":
      return { kind: "customer", key: identityKeyOf("user", "shop/user-1", "pepper") };
    case "associate":
      return { kind: "associate", id: "staff-1", store: "one" };
    case "desk":
      return { kind: "desk", id: "staff-2" };
    case "centre":
      return { kind: "centre" };
    default:
      return { kind: "connector", account, keyId: "0", scopes: [name] };
  }
};

test.each(CALLERS)("SEC1: %s × every action × every group of fields", (name) => {
  for (const action of ACTIONS) {
    const fields = fieldsFor(asCaller(name), action);
    expect([action, fields !== null]).toEqual([action, EXPECTED[action].includes(name)]);
    for (const group of FIELD_GROUPS) {
      const isShown = action.startsWith("profile.") && (SHOWN[name] ?? []).includes(group);
      expect([action, group, fields?.has(group) ?? false]).toEqual([
        action,
        group,
        isShown && fields !== null,
      ]);
    }
  }
});

const withScopes = (scopes: readonly Scope[]): Caller => ({
  kind: "connector",
  account,
  keyId: "0",
  scopes,
});

test("SEC1: a key with several scopes has what each of them has, one with none has nothing", () => {
  for (const action of ACTIONS) {
    expect(fieldsFor(withScopes([]), action)).toBeNull();
    const whoMay = SCOPES.filter((scope) => EXPECTED[action].includes(scope));
    expect([action, fieldsFor(withScopes(SCOPES), action) !== null]).toEqual([
      action,
      whoMay.length > 0,
    ]);
  }
});
