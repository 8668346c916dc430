/** Signing in, people, the audit and refusals in a real Chromium: by keyboard, in each look, without a serious violation. */
import { randomBytes } from "node:crypto";
import { serve } from "@hono/node-server";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditStatement } from "../../central/src/access/audit.ts";
import { openConsoleAccount } from "../../central/src/access/console-account.ts";
import { NOON_MS, openTestApp, PASSWORD, type TestApp } from "../../central/src/testing/app.ts";
import { type Look, LOOKS, overflowOf, shoot, tabTo, violationsOf, walk } from "./browser.ts";

const MINUTE_MS = 60_000;
/** A browser is started for each, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

let central: TestApp;
let url = "";
let close = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  central = await openTestApp();
  await openConsoleAccount(
    { storage: central.storage, nowMs: () => NOON_MS - 20 * 86_400_000, drawSecret: () => randomBytes(32).toString("base64url") },
    PASSWORD,
  );
  await fill();
  await new Promise<void>((listening) => {
    const server = serve({ fetch: central.app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
      url = `http://127.0.0.1:${port}`;
      listening();
    });
    close = () => new Promise((done) => server.close(() => done()));
  });
}); // prettier-ignore
afterAll(async () => {
  await close();
  await central.close();
});

const PEOPLE: readonly (readonly [name: string, roles: string[], issuer: string | null])[] = [
  ["olga.hart", ["operations"], null],
  ["tom.reed", ["steward"], null],
  ["Priya Nair", ["steward", "privacy"], "https://id.example.com"],
  ["Jonas Falk", ["operations"], "https://id.example.com"],
  ["Marie Lefèvre", ["privacy"], "https://id.example.com"],
  ["samir.k", ["read_only"], null],
  ["Ewa Nowak", ["operations", "admin"], "https://id.example.com"],
];

/** A head office at work for some days. */
async function fill(): Promise<void> {
  await central.storage.write(
    PEOPLE.map(([name, roles, issuer], at) => ({
      sql: `insert into person (id, name, issuer, subject, password_hash, roles, created_ms, created_by, disabled_ms)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      args: [`p_${at}`, name, issuer, issuer && `s-${at}`, issuer === null ? "x" : null, JSON.stringify(roles),
        NOON_MS - (at + 3) * 86_400_000, issuer === null ? "console" : "provider", at === 5 ? NOON_MS - 86_400_000 : null],
    })),
  );
  const acts = [
    ["customers.reveal", "c-8f2a11", { fields: "contact" }], ["exceptions.work", "e-19", { to: "explained", version: 2 }],
    ["sign_in", null, { with: "provider" }], ["matches.decide", "d-774", { verdict: "same" }],
    ["sign_out", null, null], ["exceptions.approve", "e-19", { version: 3 }], ["export", "exceptions", null],
  ] as const;
  await central.storage.write(
    Array.from({ length: 160 }, (_, at) => {
      const [action, target, detail] = acts[at % acts.length]!;
      return auditStatement({
        atMs: NOON_MS - (160 - at) * 37 * MINUTE_MS,
        by: at % 23 === 0 ? "nobody" : `p_${(at * 5) % PEOPLE.length}`,
        action: at % 23 === 0 ? "sign_in_refused" : action,
        ...(at % 23 === 0 || target === null ? {} : { target }),
        ...(at % 23 === 0 ? { detail: { reason: "wrong" } } : detail === null ? {} : { detail }),
      });
    }),
  );
} // prettier-ignore

/** What is wrong with a page as it stands, which is kept as a picture. */
async function flawsOf(page: Page, look: Look, place: string): Promise<string[]> {
  await shoot(page, look, place);
  const flaws = [...(await violationsOf(page)), ...(await overflowOf(page))];
  return flaws.map((flaw) => `${place}: ${flaw}`);
}

async function signIn(page: Page, next: string): Promise<void> {
  await page.goto(next);
  await page.waitForSelector("#name:focus");
  await page.keyboard.type("console");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForURL(`**${next}`);
}

test.each(LOOKS)(
  "$name: the door, people, the audit and refusals are legible, and fit",
  async (look) => {
    const ada = await central.signIn("admin");
    await walk(url, look, async (page) => {
      await page.goto("/sign-in");
      expect(await flawsOf(page, look, "sign-in")).toEqual([]);
      const [name = "", value = ""] = ada.headers["cookie"]?.split("=") ?? [];
      await page.context().addCookies([{ name, value, url }]);
      for (const [path, place] of [
        ["/people", "people"],
        ["/people/p_0", "person"],
        ["/audit", "audit"],
        ["/nothing/here", "error-not-found"],
      ] as const) {
        await page.goto(path);
        expect(await flawsOf(page, look, place)).toEqual([]);
      }
    });
  },
  TIMEOUT_MS,
);

const DESK: Look = { name: "desktop-light", width: 1280, height: 900, scheme: "light" };

test(
  "SEC1 by keyboard alone: from the door to adding somebody, and out again",
  async () => {
    await walk(url, DESK, async (page) => {
      await page.goto("/people");
      await page.waitForSelector("#name:focus");
      await page.keyboard.type("console");
      await page.keyboard.press("Tab");
      await page.keyboard.type("not the password");
      await page.keyboard.press("Enter");
      await page.waitForSelector("[role=alert]");
      expect(await flawsOf(page, DESK, "sign-in-refused")).toEqual([]);
      await signIn(page, "/people");
      await page.keyboard.press("n");
      await page.waitForURL("**/people/new");
      await tabTo(page, "#name");
      await page.keyboard.type("nina.berg");
      await tabTo(page, "#role-steward");
      await page.keyboard.press("Space");
      expect(await flawsOf(page, DESK, "people-new")).toEqual([]);
      await tabTo(page, "main form button");
      await page.keyboard.press("Enter");
      await page.waitForSelector("#password");
      expect(await flawsOf(page, DESK, "people-password")).toEqual([]);
      await tabTo(page, "main a.button.primary");
      await page.keyboard.press("Enter");
      await page.waitForSelector("text=Change roles");
      await page.goto("/audit?action=people.manage");
      expect(await page.textContent("main table")).toContain("added: Read only, Steward");
      await tabTo(page, "form.person button");
      await page.keyboard.press("Enter");
      await page.waitForSelector("text=You are signed out.");
    });
  },
  TIMEOUT_MS,
);

test(
  "without scripts somebody signs in and changes roles, and is told who was quicker",
  async () => {
    await walk(
      url,
      DESK,
      async (page) => {
        await page.goto("/people/p_0");
        await page.fill("#name", "console");
        await page.fill("#password", PASSWORD);
        await page.click("main button");
        await page.waitForSelector("text=Change roles");
        const eve = await central.signIn("admin");
        await eve.post("/people/p_0/roles", { version: "1", role: "privacy" });
        await page.click("text=Change roles");
        await page.waitForSelector(".refused-page");
        expect(await page.textContent("main")).toContain("has changed this person meanwhile");
        await page.click("main a.button");
        await page.click("text=Change roles");
        await page.waitForSelector("text=The roles are changed");
      },
      { javaScriptEnabled: false },
    );
  },
  TIMEOUT_MS,
);
