// Exceptions and settlement in a real browser: the main task of each, by keyboard.
import { once } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { rowsOf } from "@regulars/shared/storage/port";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../../central/src/testing/app.ts";
import { emptyDatabase } from "../../central/src/testing/database.ts";
import { manyExceptions, personStatement } from "../../central/src/testing/exceptions.ts";
import { storeStatement, STRIPE_FILE } from "../../central/src/testing/settlement.ts";
import { isWalked, LOOKS, overflowOf, shoot, violationsOf, WALKED, walk } from "./browser.ts";

let central: TestApp;
let url: string;
let stop: () => void;
beforeAll(async () => {
  central = await openTestApp();
  const server = createServer((request, response) => {
    void getRequestListener(central.app.fetch)(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  url = `http://127.0.0.1:${address.port}`;
  stop = () => server.close();
});
afterAll(async () => {
  stop();
  await central.close();
});

/** Somebody of operations, and sixty exceptions of all kinds. */
async function arrive(page: Page): Promise<void> {
  const { storage } = central;
  await emptyDatabase(storage);
  await storage.write([personStatement("p-ada", "ada.wong"), ...manyExceptions(60)]);
  await storage.write([storeStatement("store-1"), storeStatement("store-2")]);
  const visitor = await central.signIn("operations");
  const [name = "", value = ""] = (visitor.headers["cookie"] ?? "").split("=");
  await page.context().addCookies([{ name, value, url }]);
}

test.each(WALKED)(
  "exceptions are worked through by keyboard, and a file is taken in: $name",
  async (look) => {
    await walk(url, look, async (page) => {
      await arrive(page);
      await page.goto("/exceptions?state=explained");
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "exceptions");
      await page.keyboard.press("w");
      await page.waitForURL(/\/exceptions\/\d+\?/);
      const first = page.url();
      await page.keyboard.press("j");
      await page.waitForURL((at) => String(at) !== first);
      await page.keyboard.press("k");
      await page.waitForURL(first);
      expect(await violationsOf(page)).toEqual([]);
      expect(await overflowOf(page)).toEqual([]);
      await shoot(page, look, "exception");
      await page.keyboard.press("p");
      await page.waitForURL(/done=\d+\.approve/);
      expect(await page.textContent(".notice")).toContain("was approved");
      await page.goto("/exceptions?state=open");
      await page.keyboard.press("w");
      await page.waitForURL(/\/exceptions\/\d+\?/);
      await page.keyboard.press("e");
      await page.keyboard.type("The slip was under the drawer.");
      await page.getByRole("button", { name: "Explain", exact: true }).press("Enter");
      await page.waitForURL(/done=\d+\.explain/);

      await page.goto("/settlement");
      await page.setInputFiles("#file", {
        name: "october.csv",
        mimeType: "text/csv",
        buffer: Buffer.from(STRIPE_FILE),
      });
      await page.getByRole("button", { name: "Look at it" }).press("Enter");
      await page.waitForURL(/\/settlement\/uploads\//);
      expect(await violationsOf(page)).toEqual([]);
      await shoot(page, look, "settlement-upload");
      await page.keyboard.press("t");
      await page.getByText("Taken in: 3 payments").waitFor();
      await page.goto("/settlement");
      expect(await violationsOf(page)).toEqual([]);
      expect(await overflowOf(page)).toEqual([]);
      await shoot(page, look, "settlement");
    });
    expect(await rowsOf(central.storage, "select lines from settlement_file")).toEqual([
      { lines: 3 },
    ]);
    expect(central.errors).toEqual([]);
  },
  120_000,
);

test.each(LOOKS.filter((look) => !isWalked(look)))(
  "exceptions and settlement are legible, and fit: $name",
  async (look) => {
    await walk(url, look, async (page) => {
      await arrive(page);
      for (const [path, place] of [
        ["/exceptions?state=all", "exceptions"],
        ["/exceptions/3", "exception"],
        ["/settlement", "settlement"],
      ] as const) {
        const answer = await page.goto(path);
        expect([place, answer?.status()]).toEqual([place, 200]);
        expect([place, await violationsOf(page)]).toEqual([place, []]);
        expect([place, await overflowOf(page)]).toEqual([place, []]);
        await shoot(page, look, place);
      }
    });
  },
  120_000,
);
