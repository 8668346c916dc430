/** From the sign-in page to a session and its end, as a browser does it. */
import { randomBytes } from "node:crypto";
import { sha256Hex } from "@regulars/shared/digest";
import { type Row, rowsOf } from "@regulars/shared/storage/port";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { NOON_MS, openTestApp, PASSWORD, PERSON, type TestApp } from "../testing/app.ts";
import { emptyDatabase } from "../testing/database.ts";
import { createJar } from "../testing/identity-provider.ts";
import { openConsoleAccount } from "./console-account.ts";
import { readSession, startSession } from "./sessions.ts";

const MINUTE_MS = 60_000;
const drawSecret = (): string => randomBytes(32).toString("base64url");

let central: TestApp;
let nowMs = NOON_MS;
/** The account `console`, whose password is hashed once for all tests: it takes its time. */
let account: Row = {};
beforeAll(async () => {
  central = await openTestApp({ nowMs: () => nowMs });
  await open(PASSWORD);
  [[account = {}] = []] = await central.storage.read([{ sql: "select * from person" }]);
});
afterAll(() => central.close());
beforeEach(async () => {
  await emptyDatabase(central.storage);
  nowMs += 60 * MINUTE_MS; // whoever tried too often in another test may try again
  await central.storage.write([
    {
      sql: `insert into person (id, name, password_hash, roles, created_ms, created_by)
            values (?, ?, ?, ?, ?, ?)`,
      args: ["id", "name", "password_hash", "roles", "created_ms", "created_by"].map((column) => account[column] ?? null), // prettier-ignore
    },
  ]);
});
afterEach(() => central.assertNoErrors());

const open = (password: string) =>
  openConsoleAccount({ storage: central.storage, nowMs: () => nowMs, drawSecret }, password);

function openBrowser() {
  const jar = createJar();
  const send = async (path: string, init: { method?: string; body?: URLSearchParams } = {}) => {
    const headers = { origin: "http://localhost", cookie: jar.header() };
    const response = await central.app.request(path, { ...init, headers });
    jar.take(response);
    return response;
  }; // prettier-ignore
  const post = (path: string, fields: Record<string, string>) =>
    send(path, { method: "POST", body: new URLSearchParams(fields) });
  return {
    jar,
    send,
    post,
    signIn: (name = "console", password = PASSWORD, next = "/") =>
      post("/sign-in", { name, password, next }),
    isIn: async () => (await send("/")).status === 200,
    csrf: async () => /name="csrf" value="([\w-]+)"/.exec(await (await send("/")).text())?.[1] ?? "", // prettier-ignore
  };
}

const auditOf = async () =>
  (await rowsOf(central.storage, "select by, action, target, detail from audit order by n")).map(
    (row) => [row["by"], row["action"], row["target"], JSON.parse(String(row["detail"])) as unknown],
  ); // prettier-ignore

describe("SEC1 signing in with a password", () => {
  test("from any page to the sign-in page and back, in a form that needs no script", async () => {
    const browser = openBrowser();
    const sent = await browser.send("/customers/c-1?versions=2");
    expect(sent.status).toBe(303);
    const at = sent.headers.get("location") ?? "";
    expect(at).toBe("/sign-in?next=%2Fcustomers%2Fc-1%3Fversions%3D2");
    const page = await (await browser.send(at)).text();
    expect(page).toContain('<form method="post" action="/sign-in">');
    expect(page).toContain('autocomplete="username"');
    expect(page).toContain('autocomplete="current-password"');
    const landed = await browser.signIn("Console ", PASSWORD, "/customers/c-1?versions=2");
    expect(landed.status).toBe(303);
    expect(landed.headers.get("location")).toBe("/customers/c-1?versions=2");
    expect(landed.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^regulars=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/),
    ]);
    expect(await browser.isIn()).toBe(true);
    expect(await auditOf()).toEqual([["console", "sign_in", null, { with: "password" }]]);
  });

  test("the database holds no cookie and no password", async () => {
    const browser = openBrowser();
    await browser.signIn();
    const token = browser.jar.kept.get("regulars") ?? "";
    const stored = JSON.stringify(
      await central.storage.read([{ sql: "select * from session" }, { sql: "select * from person" }]),
    ); // prettier-ignore
    expect(stored).not.toContain(token);
    expect(stored).toContain(sha256Hex(token));
    expect(stored).not.toContain(PASSWORD);
  });

  test("whatever is wrong, it is said in one sentence, and the audit knows which", async () => {
    const browser = openBrowser();
    const wrong = await (await browser.signIn("console", "wrong")).text();
    const unknown = await browser.signIn("somebody", PASSWORD);
    expect(unknown.status).toBe(403);
    const said = await unknown.text();
    expect(said).toBe(wrong);
    expect(said).toContain("Name and password do not fit together");
    expect(said).not.toContain("somebody");
    await central.storage.write([{ sql: "update person set disabled_ms = 1" }]);
    expect(await (await browser.signIn()).text()).toBe(wrong);
    expect(await browser.isIn()).toBe(false);
    expect(await auditOf()).toEqual([
      ["nobody", "sign_in_refused", "console", { reason: "wrong" }],
      ["nobody", "sign_in_refused", null, { reason: "wrong" }],
      ["nobody", "sign_in_refused", "console", { reason: "disabled" }],
    ]);
  });

  test("SEC2 what was typed is on no page that answers it", async () => {
    const secret = `ann@example.org"><b>`;
    const answer = await (await openBrowser().signIn(secret, secret, `/${secret}`)).text();
    expect(answer).not.toContain(`value="${secret}`);
    expect(answer).not.toContain("><b>");
    expect(JSON.stringify(await auditOf())).not.toContain("ann");
  });

  test("too many tries for one name are refused unseen, in the same words, until a quarter of an hour is over", async () => {
    const browser = openBrowser();
    for (let at = 0; at < 10; at++) await browser.signIn("ann", "");
    const limited = await browser.signIn("ann", "");
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("900");
    expect(await limited.text()).toContain("Name and password do not fit together, or were tried too often.");
    await browser.signIn("Ann", "");
    expect((await browser.signIn()).status).toBe(303); // others are not kept out
    const refused = (await auditOf()).filter(([, action]) => action === "sign_in_refused");
    expect(refused.slice(10)).toEqual([["nobody", "sign_in_refused", null, { reason: "limited" }]]);
    nowMs += 15 * MINUTE_MS;
    expect((await browser.signIn("ann", "")).status).toBe(403);
  }); // prettier-ignore

  test("a form of another site is no sign-in, nor is one without end", async () => {
    const browser = openBrowser();
    const form = { method: "POST", body: new URLSearchParams({ name: "console", password: PASSWORD }) };
    for (const headers of [{ origin: "https://evil.example" }, { origin: "null" }]) {
      const answer = await central.app.request("/sign-in", { ...form, headers });
      expect(answer.status).toBe(403);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const sameSite = { "sec-fetch-site": "same-origin", origin: "null" };
    expect((await central.app.request("/sign-in", { ...form, headers: sameSite })).status).toBe(303);
    expect((await browser.signIn("x".repeat(10_000))).status).toBe(413);
  }); // prettier-ignore
});

describe("SEC1 a session", () => {
  test("ends when it is not used for an hour, and after twelve in any case", async () => {
    const [idle, busy] = [openBrowser(), openBrowser()];
    await idle.signIn();
    await busy.signIn();
    for (let minutes = 0; minutes < 12 * 60; minutes += 59) {
      expect(await busy.isIn()).toBe(true);
      nowMs += 59 * MINUTE_MS;
    }
    expect(await idle.isIn()).toBe(false);
    expect(await busy.isIn()).toBe(false);
  });

  test("is another one after each sign-in, and none after signing out", async () => {
    const browser = openBrowser();
    await browser.signIn();
    const first = browser.jar.kept.get("regulars") ?? "";
    await browser.signIn();
    expect(browser.jar.kept.get("regulars")).not.toBe(first);
    const old = await central.app.request("/", { headers: { cookie: `regulars=${first}` } });
    expect(old.status).toBe(303);
    const second = browser.jar.header();
    const left = await browser.post("/sign-out", { csrf: await browser.csrf() });
    expect(left.headers.get("location")).toBe("/sign-in?left");
    expect(browser.jar.kept.size).toBe(0);
    expect((await central.app.request("/", { headers: { cookie: second } })).status).toBe(303);
    expect((await auditOf()).map(([, action]) => action)).toEqual(["sign_in", "sign_in", "sign_out"]);
  }); // prettier-ignore

  test("is not made up, and not that of a cookie which somebody was given", async () => {
    for (const token of ["", "x", "A".repeat(43), "A".repeat(5_000), "%00", drawSecret()]) {
      const answer = await central.app.request("/", { headers: { cookie: `regulars=${token}` } });
      expect(answer.status).toBe(303);
    }
    const browser = openBrowser();
    const planted = drawSecret();
    browser.jar.kept.set("regulars", planted);
    await browser.signIn();
    expect(browser.jar.kept.get("regulars")).not.toBe(planted);
  });

  test("a person has so many, and the oldest make room", async () => {
    const tokens: string[] = [];
    for (let at = 0; at < 21; at++) {
      const { token, statements } = startSession("console", nowMs + at, drawSecret);
      await central.storage.write(statements);
      tokens.push(token);
    }
    const isOpen = await Promise.all(
      tokens.map(async (token) => (await readSession(central.storage, token, nowMs)) !== null),
    );
    expect(isOpen).toEqual([false, ...Array.from({ length: 20 }, () => true)]);
  });
});

describe("the account of the first start", () => {
  test("keeps its sessions over a restart; another setting is another password, and ends them", async () => {
    const browser = openBrowser();
    await browser.signIn();
    await open(PASSWORD);
    expect(await browser.isIn()).toBe(true);
    await open("another password");
    expect(await browser.isIn()).toBe(false);
    expect((await browser.signIn()).status).toBe(403);
    expect((await browser.signIn("console", "another password")).status).toBe(303);
  });

  test("SEC1 whoever is disabled is out with the next request, programs as well; another setting lets it in again", async () => {
    const browser = openBrowser();
    await browser.signIn();
    expect((await central.get("/v1/totals", PERSON)).status).toBe(200);
    await central.storage.write([{ sql: "update person set disabled_ms = 1" }]);
    expect(await browser.isIn()).toBe(false);
    expect((await central.get("/v1/totals", PERSON)).status).toBe(401);
    await open(PASSWORD); // a restart alone does not undo what somebody has decided
    expect((await browser.signIn()).status).toBe(403);
    await open("another password");
    expect((await browser.signIn("console", "another password")).status).toBe(303);
  });
});
