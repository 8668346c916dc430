/** Every route of the console has a door, and each role opens the doors that the table gives it. */
import { readFileSync } from "node:fs";
import { type ConsoleAction, CONSOLE_ACTIONS } from "@regulars/shared/access/actions";
import { ROLES } from "@regulars/shared/access/roles";
import { CONSOLE_TABLE } from "@regulars/shared/access/table";
import { Hono } from "hono";
import type { RouterRoute } from "hono/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pageRoutes } from "../console/pages.tsx";
import { openTestApp, type TestApp } from "../testing/app.ts";
import type { Visitor } from "../testing/visitor.ts";
import { createAttempts } from "./attempts.ts";
import { EXPECTED, OPEN, SHOWN } from "./console-matrix.ts";
import { actionOf, permit } from "./permit.ts";

let central: TestApp;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());

const never = (): never => {
  throw new Error("no route is called");
};

/** Handlers of each method and path, in their order; without what stands before all of them. */
function routesOf(routes: readonly RouterRoute[]): Map<string, RouterRoute["handler"][]> {
  const own = routes.filter(({ method, path }) => method !== "ALL" || path !== "/*");
  return new Map(
    [...Map.groupBy(own, ({ method, path }) => `${method} ${path}`)].map(([name, handlers]) => [
      name,
      handlers.map(({ handler }) => handler),
    ]),
  );
}

const consoleRoutes = () =>
  routesOf(
    pageRoutes({
      storage: central.storage,
      identity: { pepper: "x", country: "GB" },
      nowMs: never,
      drawSecret: () => "A".repeat(43),
      attempts: createAttempts(),
      origin: null,
      provider: { begin: never, end: never },
      onProviderFailure: never,
      newId: never,
      onDecided: never,
      intake: { events: never, fragments: never, replay: never, alone: never, match: never, use: never }, // prettier-ignore
      uploads: { add: never, get: never, map: never, take: never, drop: never },
      askEdge: never,
      onReplay: never,
      edgeWatch: { sight: never, look: never },
      ways: [],
      onPolicy: never,
      onMatching: never,
      onTry: never,
      onError: never,
    }).routes,
  );

const doorless = (routes: ReturnType<typeof routesOf>): string[] =>
  [...routes].flatMap(([name, [first]]) =>
    first !== undefined && actionOf(first) !== undefined ? [] : [name],
  );

describe("SEC4 the doors of the console", () => {
  test("each route names its action first; open is what a person signs in by, no more", () => {
    expect(doorless(consoleRoutes()).toSorted()).toEqual([...OPEN].toSorted());
  });

  test("a route without a door, or with it behind something else, would be found", () => {
    const careless = new Hono();
    careless.use((_, next) => next());
    careless.get("/open", (c) => c.text(""));
    careless.get(
      "/late",
      (_, next) => next(),
      permit("days.read") as never,
      (c) => c.text(""),
    );
    careless.post("/kept", permit("days.read") as never, (c) => c.text(""));
    expect(doorless(routesOf(careless.routes))).toEqual(["GET /open", "GET /late"]);
  });

  test("nobody without a session gets further than the sign-in page, by whatever method", async () => {
    const paths = [...consoleRoutes().keys()].filter((name) => !OPEN.includes(name));
    expect(paths.length).toBeGreaterThan(8);
    const strangers: Record<string, string>[] = [{}, { cookie: "regulars=x" }, { authorization: `Basic ${btoa("console:pass word")}` }]; // prettier-ignore
    for (const name of [...paths, "GET /nothing", "POST /nothing", "GET /health/x"]) {
      const [method = "", path = ""] = name.split(" ");
      for (const headers of strangers) {
        const init = { method, headers: { ...headers, origin: "http://localhost" } };
        const answer = await central.app.request(filled(path), init);
        const isSent = /^\/sign-in(\?next=|$)/.test(answer.headers.get("location") ?? "");
        expect({ name, status: answer.status, isSent }).toEqual(
          method === "GET" ? { name, status: 303, isSent: true } : { name, status: 401, isSent: false },
        );
      }
    }
  }); // prettier-ignore
});

describe("SEC1 one table decides at the console", () => {
  test.each(ROLES)("%s may do what is written here, and nothing else", (role) => {
    const granted = CONSOLE_ACTIONS.filter((action) => CONSOLE_TABLE[role][action] !== undefined);
    const expected = CONSOLE_ACTIONS.filter((action) => EXPECTED[action].includes(role));
    expect(granted).toEqual(expected);
    for (const action of granted) {
      expect([action, [...(CONSOLE_TABLE[role][action] ?? [])].toSorted()]).toEqual([
        action,
        [...(SHOWN[action] ?? [])].toSorted(),
      ]);
    }
  });

  test.each(ROLES)("%s opens the pages of its actions and is told in words of the others", async (role) => {
    const somebody = await central.signIn(role);
    const judged = await Promise.all(
      [...consoleRoutes()].map(async ([name, [first]]) => {
        const action = first && actionOf(first);
        if (!name.startsWith("GET ") || action === undefined) return null;
        return judge(somebody, filled(name.slice(4)), action);
      }),
    );
    const wrong = judged.filter(
      (each) => each && (each.isOpen !== opens(role, each.action) || each.isOpen === each.isRefused),
    );
    expect(wrong).toEqual([]);
    expect(central.errors).toEqual([]);
  }); // prettier-ignore

  test("who may see contact data, and not the intake or the matches, is shown none of theirs", async () => {
    const privacy = await central.signIn("privacy");
    const pair = ["a", "b"].map((letter) => `c${letter.repeat(22)}`).join("/");
    for (const path of [
      "/intake/here/event/till-1/1/1",
      "/intake/here/letter/1",
      "/intake/edge/items/shop/1",
      `/matches/${pair}`,
    ]) {
      expect([path, (await privacy.post(`${path}/reveal`)).status]).toEqual([path, 403]);
    }
  });
});

const cellsOf = (line: string): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

test("SEC1 the page about the console has the same table", () => {
  const page = readFileSync(new URL("../../../docs/console.md", import.meta.url), "utf8");
  const [head = [], , ...rows] = page
    .split("\n")
    .filter((line) => /^\| (action|-+|`[a-z]+(\.[a-z]+)?`) +\|/.test(line))
    .map(cellsOf)
    .filter(({ length }) => length === 1 + ROLES.length);
  expect(head).toEqual(["action", ...ROLES]);
  expect(rows).toEqual(
    CONSOLE_ACTIONS.map((action) => [
      `\`${action}\``,
      ...ROLES.map((role) => (CONSOLE_TABLE[role][action] ? "✓" : "")),
    ]),
  );
}); // prettier-ignore

const opens = (role: (typeof ROLES)[number], action: ConsoleAction | null): boolean =>
  action === null || EXPECTED[action].includes(role);

/** A path of the route, such as `/intake/here/event/x/x/x` of one that takes a pattern. */
const filled = (path: string): string =>
  path
    .replaceAll(/:\w+\{([^}]*)\}/g, (_, pattern: string) => pattern.replaceAll("[^/]+", "x"))
    .replaceAll(/:\w+/g, "x");

async function judge(somebody: Visitor, path: string, action: ConsoleAction | null) {
  const answer = await somebody.get(path);
  const words = await answer.text();
  const isTold = words.includes("Your roles do not open this") && words.includes("<nav");
  return {
    path,
    action,
    isOpen: answer.status !== 500 && !isTold,
    isRefused: answer.status === 403,
  };
}

test("SEC1 whoever has two roles may do what either may", async () => {
  const somebody = await central.signIn("operations", "privacy");
  for (const [path, status] of [["/audit", 200], ["/people", 403]] as const) {
    expect((await somebody.get(path)).status).toBe(status);
  }
  const nobody = await central.signIn();
  expect((await nobody.get("/")).status).toBe(403);
}); // prettier-ignore
