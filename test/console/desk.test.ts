/** Intake desk, policy and data quality in a real Chromium: their main tasks by keyboard, each look without a serious violation. */
import { serve } from "@hono/node-server";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NOON_MS, openTestApp, type TestApp } from "../../central/src/testing/app.ts";
import { createDeskEdge } from "../../central/src/testing/desk-edge.ts";
import { crowd } from "../../central/src/testing/people.ts";
import { createTill, eventsOf, fragmentsOf } from "../../central/src/testing/till.ts";
import type { Visitor } from "../../central/src/testing/visitor.ts";
import { CLAIM_FIELDS } from "../../shared/src/events/claim.ts";
import {
  isWalked,
  type Look,
  LOOKS,
  overflowOf,
  shoot,
  tabTo,
  violationsOf,
  walk,
} from "./browser.ts";

/** A browser is started for each, on a machine that may be busy. */
const TIMEOUT_MS = 120_000;

const edge = createDeskEdge();
let central: TestApp;
let admin: Visitor;
let url = "";
let close = (): Promise<void> => Promise.resolve();
beforeAll(async () => {
  central = await openTestApp({ askEdge: (...asked) => edge.ask(...asked) });
  admin = await central.signIn("admin");
  await fill();
  await new Promise<void>((listening) => {
    const options = { fetch: central.app.fetch, port: 0, hostname: "127.0.0.1" };
    const server = serve(options, ({ port }) => {
      url = `http://127.0.0.1:${port}`;
      listening();
    });
    close = () => new Promise((done) => server.close(() => done()));
  });
});
afterAll(async () => {
  await close();
  await central.close();
});

/** Some weeks of three channels, in which the web shop loses its phone numbers; tills with rows that nobody can read. */
async function fill(): Promise<void> {
  const { storage } = central;
  const days = Array.from({ length: 29 }, (_, at) =>
    new Date(NOON_MS - (29 - at) * 86_400_000).toISOString().slice(0, 10),
  );
  const rows = days.flatMap((day, at) => {
    const wave = 1 + 0.15 * Math.sin(at * 0.9);
    const isLast = at === days.length - 1;
    const channels = [
      ["till", 18_400, 0.997],
      ["web", 2_150, 0.991],
      ["app", 860, 0.998],
    ] as const;
    return channels.flatMap(([channel, usual, accepted], which) => {
      const of = Math.round(usual * wave);
      const claims = Math.round(of * 0.4);
      return [
        [day, "accepted", channel, Math.round(of * accepted - (at % 4)), of],
        ...CLAIM_FIELDS.map((field, nth) => {
          const share = 0.95 - nth * 0.09 - which * 0.03 + 0.01 * Math.sin(at * 1.7 + nth);
          const isLost = isLast && channel === "web" && field === "phone";
          return [day, "field", `${channel}/${field}`, Math.round(claims * (isLost ? 0.08 : share)), claims];
        }),
        [day, "field", `${channel}/payment`, Math.round(of * 0.59), Math.round(of * 0.6)],
        [day, "field", `${channel}/customer`, Math.round(of * (0.3 + which * 0.12)), Math.round(of * 0.6)],
        [day, "flag", `${channel}/doubtful_field`, Math.round(of * 0.011 * wave), 0],
        ...(channel === "till" ? [[day, "flag", "till/clock_off", 6 + (at % 5), 0]] : []),
        ...(channel === "till" ? [[day, "merges", "", 40 + ((at * 7) % 23), 0], [day, "splits", "", at % 3, 0], [day, "potential", "", 1_840 + at * 9, 48_200 + at * 60]] : []),
      ];
    });
  });
  await storage.write([
    {
      sql: `insert into quality_day select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4
            from json_each(?)`,
      args: [JSON.stringify(rows)],
    },
    {
      sql: `insert into intake_problem (source, epoch, code, item, hash, received_ms, payload) values
        ('till-7', 2, 'fork', '4711', 'a', ?, '{"store":"store-3","body":"{}"}'),
        ('till-7', 2, 'fork', '4712', 'b', ?, '{"store":"store-3","body":"{}"}'),
        ('till-9', 1, 'checksum', 'phone:x', 'c', ?, '{}')`,
      args: [NOON_MS - 90_000_000, NOON_MS - 80_000_000, NOON_MS - 4_000_000],
    },
  ]);
  const till = createTill("till-3", { store: "store-2" });
  const sales = Array.from({ length: 4 }, () => till.sale(500).item);
  await central.post("/v1/intake/events", eventsOf("store-2", sales.map((item) => ({ ...item, quarantined: "not_an_event" }))));
  await central.post("/v1/intake/fragments", fragmentsOf(crowd(24)));
  await central.counted();
} // prettier-ignore

async function enter(page: Page): Promise<void> {
  const [name = "", value = ""] = (admin.headers["cookie"] ?? "").split("=");
  await page.context().addCookies([{ name, value, url }]);
}

async function expectFine(page: Page, look: Look, path: string, place: string): Promise<void> {
  const answer = await page.goto(path);
  expect([place, answer?.status()]).toEqual([place, 200]);
  expect([place, await violationsOf(page)]).toEqual([place, []]);
  expect([place, await overflowOf(page)]).toEqual([place, []]);
  await shoot(page, look, place);
}

const PLACES: readonly (readonly [place: string, path: string])[] = [
  ["intake", "/intake"],
  ["intake-cause", "/intake/edge?shop=web-uk&account=shop-1&format=cloudevents&topic=sale&code=rule&field=total"],
  ["intake-item", "/intake/edge/items/web-uk/1"],
  ["intake-here", "/intake/here?of=event&code=not_an_event"],
  ["intake-account", "/intake/accounts/shop-1"],
  ["policy-survivorship", "/policy/survivorship"],
  ["policy-matching", "/policy/matching"],
  ["policy-quality", "/policy/quality"],
  ["policy-json", "/policy/survivorship?as=json"],
  ["quality", "/quality"],
  ["quality-days", "/quality/days?measure=field&part=web%2Fphone"],
]; // prettier-ignore

/** All places in two looks; in the two others, which differ from these in colour alone, those with pictures and badges. */
const COLOURED = ["intake", "quality", "policy-quality"];

test.each(LOOKS)("intake, policy and quality at $name", { timeout: TIMEOUT_MS }, async (look) => {
  await walk(url, look, async (page) => {
    await enter(page);
    const answer = await page.goto("/quality/none");
    expect(answer?.status()).toBe(404);
    for (const [place, path] of PLACES) {
      if (isWalked(look) || COLOURED.includes(place)) await expectFine(page, look, path, place);
    }
  });
});

const [DESKTOP, , PHONE] = LOOKS;

test("a policy is changed, tried and published by keyboard", { timeout: TIMEOUT_MS }, async () => {
  await walk(url, DESKTOP!, async (page) => {
    await enter(page);
    await page.goto("/policy/survivorship");
    await tabTo(page, 'select[name="givenName.strategy"]');
    await page.keyboard.type("said first");
    await tabTo(page, "form.policy button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=Golden records that would change");
    expect(await page.textContent("main")).toContain("Given name · rule");
    expect(await violationsOf(page)).toEqual([]);
    await shoot(page, DESKTOP!, "policy-try");
    await tabTo(page, "form.publish button");
    await page.keyboard.press("Enter");
    await page.waitForSelector("text=The value said first");
    expect(await page.textContent("body")).toContain("Version 2, published by");
  });
});

test("an item is replayed by a key, and all like it without a script", { timeout: TIMEOUT_MS }, async () => {
  edge.read = ({ n }) => (n === 2 ? "unknown_store" : null);
  await walk(url, DESKTOP!, async (page) => {
    await enter(page);
    await page.goto("/intake/edge/items/web-uk/1");
    await page.keyboard.press("r");
    await page.waitForSelector("text=It has taken effect");
  });
  const phone = { javaScriptEnabled: false };
  const steps = async (page: Page): Promise<void> => {
    await enter(page);
    await page.goto(PLACES[1]![1]);
    await page.click("text=Replay all like this");
    // The job is over before the page that tells of its start is there.
    await page.waitForSelector("#job");
    await central.replayed();
    await page.reload();
    expect(await page.textContent("#job")).toContain("1 taken effect, 1 failed again");
    await shoot(page, PHONE!, "intake-replay");
  };
  await walk(url, PHONE!, steps, phone);
}); // prettier-ignore
