import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { actionOf } from "../src/access/permit.ts";
import { app } from "../src/app.ts";
import { z } from "zod";
import { describedDocument, DESCRIBED } from "../src/openapi/routes.ts";
import accessPage from "../../docs/access.md?raw";
import { CALLERS, EXPECTED, ROUTES } from "./access-matrix.ts";

const get = (path: string) =>
  exports.default.fetch(`https://edge.test${path}`, { redirect: "manual" });

/** What a browser asks by itself. */
const isIncidental = (name: string): boolean =>
  name.startsWith("OPTIONS ") || ["GET /", "GET /reference/style.css"].includes(name);

test("SEC4: every route is described with its door, and nothing is described that is not there", () => {
  const routes = app.routes.flatMap(({ method, path, handler }) => {
    const action = actionOf(handler);
    const name = `${method} ${path.length > 1 ? path.replace(/\/$/, "") : path}`;
    return action === undefined || isIncidental(name) ? [] : [[name, action] as const];
  });
  const described = DESCRIBED.map(
    ({ method, path, action }) => [`${method.toUpperCase()} ${path}`, action] as const,
  );
  expect(Object.fromEntries(described)).toEqual(Object.fromEntries(routes));
});

test("SEC2: the description is served to anybody, is of OpenAPI 3.1, and all that it refers to is in it", async () => {
  const response = await get("/openapi.json");
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject({ openapi: "3.1.0" });
  const document = describedDocument() as { components: { schemas: object }; paths: object };
  const refs = [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(refs).size).toBeGreaterThan(8);
  for (const name of refs) expect(Object.keys(document.components.schemas)).toContain(name);
  const ids = [...text.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a browser at the edge's own address is led to the page for people", async () => {
  const response = await get("/");
  expect(response.status).toBe(302);
  expect(response.headers.get("location")).toBe("/reference");
});

test("SEC4: the page for people loads nothing but its own style and runs nothing", async () => {
  const response = await get("/reference");
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  const page = await response.text();
  const plain = page.replaceAll("&#39;", "'");
  for (const { summary } of DESCRIBED) expect(plain).toContain(summary);
  expect(page).not.toMatch(/<script|(?:src|href)="https?:/);
  expect([...page.matchAll(/(?:src|href)="([^"#][^"]*)"/g)].map(([, url]) => url)).toEqual([
    "/reference/style.css",
    "/openapi.json",
  ]);
});

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ security: z.array(z.record(z.string(), z.array(z.string()))) }),
    ),
  ),
});
/** As the matrix calls them: people by their kind, keys by their scope. */
const callersIn = (security: readonly Record<string, string[]>[]): string[] =>
  security.flatMap((each) =>
    Object.entries(each).flatMap(([scheme, scopes]) => {
      if (scheme === "apiKeyBasic") return [];
      return scheme === "apiKey" ? scopes : [scheme];
    }),
  );
const sorted = (names: readonly string[]): string[] => [...names].toSorted();

test("SEC4: of each operation the document names exactly those callers whom the door lets in", () => {
  const { paths } = documentSchema.parse(describedDocument());
  const named = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security }]) => {
      const route = `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`;
      return [route, sorted(callersIn(security))] as const;
    }),
  );
  const expected = Object.entries(ROUTES).flatMap(([route, action]) =>
    isIncidental(route)
      ? []
      : [[route.replace(/\/$/, ""), sorted(action === null ? [] : EXPECTED[action])] as const],
  );
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(expected));
});

const cellsOf = (line = ""): string[] =>
  line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The matrix of docs/access.md: a row for each action, a column for each caller. */
function tableInDocs(): Record<string, string[]> {
  const lines = accessPage.split("\n").filter((line) => line.startsWith("|"));
  const from = lines.findIndex((line) => line.startsWith("| action"));
  const columns = cellsOf(lines[from])
    .slice(1)
    .map((name) => name.replaceAll("`", ""));
  const rows = lines.slice(from + 2).map((line) => cellsOf(line));
  const ofMatrix = rows.filter(([name = ""]) => name.replaceAll("`", "") in EXPECTED);
  return Object.fromEntries(
    ofMatrix.map(([name = "", ...cells]) => [
      name.replaceAll("`", ""),
      columns.filter((_, at) => cells[at] !== ""),
    ]),
  );
}

test("SEC4: the page about access has the same table", () => {
  const expected = Object.entries(EXPECTED).map(([action, names]) => [
    action,
    CALLERS.filter((name) => names.includes(name)),
  ]);
  expect(tableInDocs()).toEqual(Object.fromEntries(expected));
});

test("SYN10: every example of the document is one that its schema takes", () => {
  let examples = 0;
  for (const { body, answers, path } of DESCRIBED) {
    const shown = [body, ...Object.values(answers)].flatMap((each) =>
      each?.example === undefined ? [] : [each],
    );
    for (const { schema, example } of shown) {
      examples += 1;
      expect([path, schema?.safeParse(example).error?.issues ?? []]).toEqual([path, []]);
    }
  }
  expect(examples).toBeGreaterThan(20);
});
