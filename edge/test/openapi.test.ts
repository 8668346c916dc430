import { exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { actionOf } from "../src/access/permit.ts";
import { app } from "../src/app.ts";
import { describedDocument, DESCRIBED } from "../src/openapi/routes.ts";

const get = (path: string) => exports.default.fetch(`https://edge.test${path}`);

/** What a browser asks by itself. */
const isIncidental = (name: string): boolean =>
  name.startsWith("OPTIONS ") || name === "GET /reference/style.css";

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
