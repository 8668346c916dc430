/** What is sent from pages: the token of the session, the origin, and what happens to a request that has neither. */
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pageErrors } from "../console/errors/answer.tsx";
import type { ConsoleEnv } from "../console/environment.ts";
import { openTestApp, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import type { Visitor } from "../testing/visitor.ts";
import { csrfDoor } from "./session-door.ts";

let central: TestApp;
let ada: Visitor;
beforeAll(async () => {
  central = await openTestApp();
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  ada = await central.signIn("admin");
});
afterEach(() => central.assertNoErrors());

type Body = string | URLSearchParams | FormData;

const send = (headers: Record<string, string>, body: Body, method = "POST") =>
  central.app.request("/sign-out", { method, headers, body });

describe("SEC1 what changes something comes from a page of the person's own session", () => {
  test("as a form, as a form with a file, or by htmx with a header", async () => {
    const { cookie = "" } = ada.headers;
    const form = new FormData();
    form.set("csrf", ada.csrf);
    form.set("file", new File(["a,b"], "a.csv"));
    const own = { cookie, origin: "http://localhost" };
    expect((await send(own, form)).status).toBe(303);
    ada = await central.signIn("admin");
    const again = { cookie: ada.headers["cookie"] ?? "", origin: "http://localhost" };
    expect((await send({ ...again, "x-csrf": ada.csrf }, "")).status).toBe(303);
  });

  test("no token, another person's, an empty one, and one in the address are refused in words", async () => {
    const eve = await central.signIn("admin");
    const own = { cookie: ada.headers["cookie"] ?? "", origin: "http://localhost" };
    const attempts: [Record<string, string>, Body][] = [
      [own, new URLSearchParams({})],
      [own, new URLSearchParams({ csrf: "" })],
      [own, new URLSearchParams({ csrf: eve.csrf })],
      [{ ...own, "x-csrf": eve.csrf }, new URLSearchParams({ csrf: ada.csrf })],
      [{ ...own, "content-type": "application/json" }, JSON.stringify({ csrf: ada.csrf })],
      [{ ...own, "content-type": "multipart/form-data; boundary=x" }, "no form"],
      [own, ""],
    ];
    for (const [headers, body] of attempts) {
      const answer = await send(headers, body);
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain("This page is too old to send anything");
    }
    expect((await ada.get("/")).status).toBe(200); // nobody was signed out
  });

  test("a form of another site is refused although the browser has sent the cookie and somebody has the token", async () => {
    const { cookie = "" } = ada.headers;
    const form = () => new URLSearchParams({ csrf: ada.csrf });
    for (const headers of [
      { cookie },
      { cookie, origin: "https://evil.example" },
      { cookie, origin: "null" },
      { cookie, origin: "http://localhost.evil.example" },
      { cookie, origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    ] as Record<string, string>[]) {
      expect((await send(headers, form())).status).toBe(403);
    }
    expect((await send({ cookie, "sec-fetch-site": "same-origin" }, form())).status).toBe(303);
  });

  test("every method but reading asks for it", async () => {
    const own = { cookie: ada.headers["cookie"] ?? "", origin: "http://localhost" };
    for (const method of ["PUT", "PATCH", "DELETE"]) {
      expect((await send(own, new URLSearchParams({}), method)).status).toBe(403);
      expect((await send({ ...own, "x-csrf": ada.csrf }, "", method)).status).toBe(404);
    }
  });
});

describe("a form that the door has read", () => {
  const app = new Hono<ConsoleEnv>();
  app.onError(pageErrors((error) => { throw error; })); // prettier-ignore
  app.use(async (c, next) => {
    c.set("csrf", "token");
    await next();
  });
  app.use(csrfDoor());
  const limit = bodyLimit({ maxSize: 1_000, onError: (c) => c.text("the route's own limit", 413) });
  app.post("/", limit, async (c) => {
    const { file, csrf: _csrf, ...rest } = await c.req.parseBody({ all: true });
    return c.json({ ...rest, ...(file instanceof File ? { file: await file.text() } : {}) });
  });

  test("is whole for its route, whose limits hold", async () => {
    const form = new FormData();
    for (const [name, value] of [["csrf", "token"], ["role", "admin"], ["role", "steward"], ["note", "a&b=ü"]] as const) form.append(name, value); // prettier-ignore
    form.set("file", new File(["x,y\n1,2"], "a.csv"));
    const answer = await app.request("/", { method: "POST", body: form });
    expect(await answer.json()).toEqual({ role: ["admin", "steward"], note: "a&b=ü", file: "x,y\n1,2" }); // prettier-ignore
    const plain = new URLSearchParams({ csrf: "token", note: "a&b=ü" });
    expect(await (await app.request("/", { method: "POST", body: plain })).json()).toEqual({ note: "a&b=ü" }); // prettier-ignore
    const long = new URLSearchParams({ csrf: "token", note: "x".repeat(2_000) });
    const refused = await app.request("/", { method: "POST", body: long });
    expect([refused.status, await refused.text()]).toEqual([413, "the route's own limit"]);
  });

  test("is not read beyond the console's limit, whatever its head says", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const declared = { ...headers, "content-length": String(64 * 1024 * 1024) };
    const told = await app.request("/", { method: "POST", headers: declared, body: "csrf=token" });
    expect(told.status).toBe(413);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(new Uint8Array(1024 * 1024).fill(97));
      },
    });
    const request = new Request("http://localhost/", { method: "POST", headers, body: endless, duplex: "half" }); // prettier-ignore
    expect((await app.request(request)).status).toBe(413);
    expect(sent).toBeLessThan(20);
  });
});

describe("who is signed out meanwhile", () => {
  test("is sent to sign in by htmx too, and back to the page where they were", async () => {
    const headers = { "hx-request": "true", "hx-current-url": "http://localhost/customers/c-1?versions=2" }; // prettier-ignore
    const answer = await central.app.request("/", { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("hx-redirect")).toBe("/sign-in?next=%2Fcustomers%2Fc-1%3Fversions%3D2");
    const elsewhere = { ...headers, "hx-current-url": "https://evil.example//x" };
    const other = await central.app.request("/", { headers: elsewhere });
    expect(other.headers.get("hx-redirect")).toBe("/sign-in");
  }); // prettier-ignore

  test("is told that what they sent was not done", async () => {
    const headers = { origin: "http://localhost", referer: "http://localhost/people/x" };
    const answer = await central.app.request("/people/x/disable", { method: "POST", headers, body: new URLSearchParams({}) }); // prettier-ignore
    expect(answer.status).toBe(401);
    const page = await answer.text();
    expect(page).toContain("You are signed out");
    expect(page).toContain('href="/sign-in?next=%2Fpeople%2Fx"');
  });
});
