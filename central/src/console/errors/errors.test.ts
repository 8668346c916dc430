import { PROBLEMS, problemOf, type ProblemReason } from "@regulars/shared/problem";
import { Hono } from "hono";
import { LibsqlError } from "@libsql/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { parseRequest, Refused } from "../../problem-answer.ts";
import { openTestApp, type TestApp } from "../../testing/app.ts";
import type { ConsoleEnv } from "../environment.ts";
import { pageErrors } from "./answer.tsx";

const seen: unknown[] = [];
const app = new Hono<ConsoleEnv>();
app.onError(pageErrors((error) => seen.push(error)));
app.use(async (c, next) => {
  if (c.req.header("cookie") !== undefined) {
    c.set("person", { id: "p_ada", name: "Ada", roles: ["operations"] });
    c.set("csrf", "token");
  }
  await next();
});
const SECRET = "ann@example.org";
app.all("/field", () => parseRequest(z.object({ email: z.string().max(3) }), { email: SECRET }) as never); // prettier-ignore
app.all("/broken", () => { throw new Error(SECRET); }); // prettier-ignore
app.all("/database", () => { throw new LibsqlError(SECRET, "SQLITE_BUSY"); }); // prettier-ignore
app.all("/said", () => { throw new Refused(problemOf("conflict", { detail: "Eve has explained it <b>meanwhile</b>." })); }); // prettier-ignore
app.all("/:reason", (c) => { throw new Refused(c.req.param("reason") as ProblemReason); }); // prettier-ignore

const INSIDE = { cookie: "somebody" };
const PART = { ...INSIDE, "hx-request": "true" };

describe("what is refused at the console", () => {
  test.each(Object.entries(PROBLEMS))("%s is a page in words with its status", async (reason, { status }) => {
    for (const headers of [INSIDE, {}] as Record<string, string>[]) {
      const answer = await app.request(`/${reason}`, { headers });
      expect(answer.status).toBe(status);
      expect(answer.headers.get("content-type")).toContain("text/html");
      const page = await answer.text();
      expect(page).toMatch(/<h1>[A-Z][^<]+<\/h1>/);
      expect(page).not.toContain(reason.includes("_") ? reason : "urn:regulars");
      expect(page.includes("Ada")).toBe(headers === INSIDE);
      expect(page).toMatch(/<a class="button" href="\/[^"]*">(Go|Sign in)/);
    }
  }); // prettier-ignore

  test("SEC2 a field is named with what is wrong, and never with what was typed", async () => {
    const page = await (await app.request("/field", { headers: INSIDE })).text();
    expect(page).toContain("<strong>email</strong> must be at most 3 characters");
    expect(page).not.toContain(SECRET);
  });

  test("SEC2 an unexpected error, and a database that is away, tell nothing of themselves", async () => {
    for (const [path, status] of [["/broken", 500], ["/database", 503]] as const) {
      const answer = await app.request(path, { headers: INSIDE });
      expect(answer.status).toBe(status);
      expect(await answer.text()).not.toContain(SECRET);
    }
    expect(seen).toHaveLength(2);
  }); // prettier-ignore

  test("what somebody has to know stands there as text, with the way back to where they were", async () => {
    const headers = { ...INSIDE, referer: "http://localhost/exceptions?store=s-1" };
    const page = await (await app.request("/said", { method: "POST", headers })).text();
    expect(page).toContain("Eve has explained it &lt;b&gt;meanwhile&lt;/b&gt;.");
    expect(page).toContain('href="/exceptions?store=s-1">Go back</a>');
    const elsewhere = { ...INSIDE, referer: "https://evil.example/exceptions" };
    const other = await (await app.request("/said", { method: "POST", headers: elsewhere })).text();
    expect(other).toContain('href="/">Go to Today</a>');
  });

  test("htmx puts it above the page, and leaves what was typed where it is", async () => {
    const answer = await app.request("/said", { method: "POST", headers: PART });
    expect(answer.status).toBe(409);
    expect(answer.headers.get("hx-retarget")).toBe("#refused");
    const part = await answer.text();
    expect(part).toContain("Somebody was quicker");
    expect(part).not.toContain("<html");
  });
});

describe("the console itself", () => {
  let central: TestApp;
  beforeAll(async () => {
    central = await openTestApp();
  });
  afterAll(() => central.close());

  test("an address that is none is a page for people and JSON for programs", async () => {
    const page = await central.page("/nothing");
    expect(page.status).toBe(404);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("cache-control")).toBe("no-store");
    expect(await page.text()).toContain("There is nothing at this address");
    const json = await central.get("/v1/nothing");
    expect(json.headers.get("content-type")).toBe("application/problem+json");
    expect(await json.json()).toMatchObject({ reason: "not_found" });
  });

  test("SEC4 a session opens no door of programs", async () => {
    const ada = await central.signIn("admin");
    for (const path of ["/v1/totals", "/v1/tills", "/metrics", "/v1/intake/events"]) {
      const answer = await central.app.request(path, { headers: ada.headers });
      expect([path, answer.status]).toEqual([path, 401]);
    }
    const write = await central.app.request("/v1/policy", { method: "POST", headers: ada.headers, body: "{}" }); // prettier-ignore
    expect(write.status).toBe(401);
  });
});
