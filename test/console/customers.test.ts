/** The desk of potential matches and the page of a customer in a real browser, by keyboard alone. */
import { serve } from "@hono/node-server";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { takeFragments } from "../../central/src/intake/take-fragments.ts";
import { openTestApp, type TestApp } from "../../central/src/testing/app.ts";
import { populationOf } from "../../central/src/testing/population.ts";
import {
  isWalked,
  LOOKS,
  overflowOf,
  shoot,
  tabTo,
  violationsOf,
  WALKED,
  walk,
} from "./browser.ts";

let central: TestApp;
let server: ReturnType<typeof serve>;
let url = "";
beforeAll(async () => {
  central = await openTestApp();
  const records = populationOf({ records: 160, seed: 3, sharedPhone: 12 });
  await central.intake.alone((rules) =>
    takeFragments(central.storage, { records, refused: [] }, rules, Date.UTC(2026, 10, 21, 11)),
  );
  const visitor = await central.signIn("admin");
  const fetch = (request: Request) => {
    const headers = new Headers(request.headers);
    headers.set("cookie", visitor.headers["cookie"] ?? "");
    if (request.method === "POST") headers.set("origin", visitor.headers["origin"] ?? "");
    return central.app.fetch(new Request(request, { headers }));
  };
  url = await new Promise<string>((resolve) => {
    server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    );
  });
});
afterAll(async () => {
  await new Promise((done) => server.close(done));
  await central.close();
});

const pairOf = (page: Page) => page.getAttribute("form.verdict", "action");
const leftOf = async (page: Page): Promise<number> =>
  Number(/(\d+) pairs? left/.exec((await page.textContent("#match")) ?? "")?.[1]);

/** Presses a key, and waits until another pair stands there. */
async function decideBy(page: Page, key: string): Promise<void> {
  const before = await pairOf(page);
  await page.keyboard.press(key);
  await page.waitForSelector(`form.verdict:not([inert]):not([action="${before}"])`);
}

test.each(WALKED)(
  "a steward works through pairs by keyboard, takes one back, and sees a customer: $name",
  async (look) => {
    await walk(url, look, async (page) => {
      await page.goto("/matches");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "match");
      const [first, left] = [await pairOf(page), await leftOf(page)];
      await decideBy(page, "l");
      expect(await leftOf(page)).toBe(left);
      const second = await pairOf(page);
      await decideBy(page, "d");
      expect(await leftOf(page)).toBeLessThan(left);
      await decideBy(page, "s");
      await decideBy(page, "u");
      await page.keyboard.press("?");
      expect(await page.isVisible("text=what a merge would do to both")).toBe(true);
      await page.keyboard.press("p");
      await page.waitForSelector("text=They are one person");
      expect(await violationsOf(page)).toEqual([]);
      expect((await overflowOf(page)).filter((each) => !/person|brand|top|NAV|UL|LI/.test(each))).toEqual([]); // prettier-ignore
      await shoot(page, look, "merge");
      await tabTo(page, "form.confirm button");
      await page.keyboard.press("Enter");
      await page.waitForSelector("text=Decisions that stand");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "customer");
      await tabTo(page, ".tabs a:last-child");
      await page.keyboard.press("Enter");
      await page.waitForSelector("svg.cluster");
      await tabTo(page, "form[action$='/links'] button");
      await page.keyboard.press("Enter");
      await page.waitForSelector("svg.waterfall");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "links");
      await page.goto("/matches/decisions");
      expect(await violationsOf(page)).toEqual([]);
      // As it was, for the next look: all that stands is taken back.
      for (
        let undo = await page.$("tr:has(.good) th a");
        undo;
        undo = await page.$("tr:has(.good) th a")
      ) {
        // prettier-ignore
        await undo.focus();
        await page.keyboard.press("Enter");
        await page.waitForSelector("form.confirm button");
        await tabTo(page, "form.confirm button");
        await page.keyboard.press("Enter");
        await page.waitForSelector("text=undone by");
        await page.goto("/matches/decisions");
      }
      await page.goto("/matches");
      expect([await pairOf(page), await leftOf(page)]).toEqual([first, left]);
      expect(second).not.toBe(first);
    });
  },
  120_000,
);

test.each(LOOKS.filter((look) => !isWalked(look)))(
  "pairs, decisions and a customer are legible: $name",
  async (look) => {
    await walk(url, look, async (page) => {
      await page.goto("/matches");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "match");
      await page.keyboard.press("p");
      await page.waitForSelector("text=They are one person");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "merge");
      await page.goto("/customers");
      await page.waitForSelector("main h1");
      expect(await violationsOf(page)).toEqual([]);
    });
  },
  120_000,
);
