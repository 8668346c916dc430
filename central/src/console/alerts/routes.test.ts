import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DEFAULT_RULES, readRules } from "../../alerts/rules.ts";
import type { MessageContent } from "../../alerts/message.ts";
import { type Way, WayFailed } from "../../alerts/ways.ts";
import { seedAlerts } from "../../testing/alerts.ts";
import { NOON_MS, openTestApp, type TestApp } from "../../testing/app.ts";
import { emptyDatabase } from "../../testing/database.ts";
import { walksIn } from "../../testing/plan.ts";
import { rowsOf } from "@regulars/shared/storage/port";
import * as differences from "../../compare/differences.ts";
import { countsStatement } from "../../compare/status.ts";
import { fieldsOf, readRuleFields } from "./rules-form.ts";
import * as queries from "./queries.ts";

const sent: { id: string; content: MessageContent }[] = [];
let trouble: WayFailed | null = null;
const email: Way = {
  name: "email",
  words: "two addresses by mail.example",
  async send(message) {
    if (trouble) throw trouble;
    sent.push(message);
  },
};

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ ways: [email] });
});
afterAll(() => app.close());
beforeEach(async () => {
  await emptyDatabase(app.storage);
  sent.length = 0;
  trouble = null;
});

const text = async (response: Response | Promise<Response>): Promise<string> =>
  (await response).text();
const rules = fieldsOf(DEFAULT_RULES);

describe("pages of alerts", () => {
  test("what stands comes first, the worst of it on top, with a link to what it is about", async () => {
    await app.storage.write(seedAlerts(NOON_MS));
    const page = await text(app.page("/alerts"));
    expect(page).toContain('href="/sources?store=store-7"');
    expect(page.indexOf("store-7 has")).toBeLessThan(page.indexOf("E-mail addresses of web-uk"));
    expect(page).toContain('href="/alerts?before=');
    const [, next = ""] = /href="(\/alerts\?before=\d+)"/.exec(page) ?? [];
    const further = await text(app.page(next));
    expect(further).toContain("Past, further back");
    expect(further).not.toContain("E-mail addresses of web-uk");
  });

  test("with nothing to tell, the pages say so", async () => {
    expect(await text(app.page("/alerts"))).toContain("Nothing stands.");
    expect(await text(app.page("/alerts/differences"))).toContain("None was ever found.");
    expect(await text(app.page("/alerts/ways"))).toContain("None was sent yet.");
  });

  test.each([
    ["/alerts?csv=standing", "Severity,What,Kind", 7],
    ["/alerts?csv=past", "Severity,What,Kind", 71],
    ["/alerts/differences?csv=differences", "State,Of,Kind", 5],
    ["/alerts/ways?csv=messages", "State,Message,Alerts", 18],
  ])("%s is the whole table as a file, for whoever may export", async (path, head, lines) => {
    await app.storage.write(seedAlerts(NOON_MS));
    const file = await text(app.page(path));
    expect(file.startsWith(head)).toBe(true);
    expect(file.trim().split("\r\n")).toHaveLength(lines);
    const reader = await app.signIn("read_only");
    expect((await reader.get(path)).status).toBe(403);
  });

  test("SEC1: whoever may not manage alerts reads the rules, and changes nothing", async () => {
    const reader = await app.signIn("read_only");
    const page = await text(reader.get("/alerts/rules"));
    expect(page).not.toContain("Put into force");
    expect((await reader.post("/alerts/rules", { ...rules, version: "0" })).status).toBe(403);
    expect((await reader.post("/alerts/ways/email/test")).status).toBe(403);
    expect(await readRules(app.storage)).toMatchObject({ version: 0 });
  });

  test("no query of these pages walks a table that grows", async () => {
    const statements = [
      [queries.standingQuery(9), ["alert_standing"]],
      [queries.pastQuery(9, 9), []],
      [queries.messagesQuery(9, 9), []],
      [queries.messageByIdQuery("m"), []],
      [queries.waitingCountQuery, ["alert_message_due"]],
      [differences.pageStatement(9, 9), []],
      [differences.standingStatement(9), ["difference_standing"]],
      [countsStatement, ["difference"]], // a row per difference that was ever found: few
    ] as const;
    for (const [statement, allowed] of statements) {
      expect([statement.sql, await walksIn(app.storage, statement, allowed)]).toEqual([
        statement.sql,
        [],
      ]);
    }
  });
});

describe("rules", () => {
  test("a form says what its rules are, and reads them back", () => {
    expect(readRuleFields(rules)).toEqual({ ok: true, rules: DEFAULT_RULES });
  });

  test("what is put into force is in force, and stands in the audit", async () => {
    const admin = await app.signIn("admin");
    const { "gap.isOn": _off, ...others } = rules;
    const response = await admin.post("/alerts/rules", {
      ...others,
      version: "0",
      "store_silent.minutes": "90",
      remindHours: "0",
    });
    expect([response.status, response.headers.get("location")]).toEqual([
      303,
      "/alerts/rules?saved=1",
    ]);
    const standing = await readRules(app.storage);
    expect(standing).toMatchObject({ version: 1, by: admin.id });
    expect(standing.rules).toMatchObject({
      remindHours: 0,
      kinds: { gap: { isOn: false }, store_silent: { minutes: 90 } },
    });
    expect(
      await rowsOf(app.storage, "select action, target from audit where by = ?", [admin.id]),
    ).toContainEqual({
      action: "alerts.manage",
      target: "rules/1",
    });
    const page = await text(admin.get("/alerts/rules?saved=1"));
    expect(page).toContain("These rules are in force.");
    expect(page).toContain("Version 1");
  });

  test("a second person who began from the same rules is told, and loses nothing", async () => {
    const [ada, bob] = [await app.signIn("admin"), await app.signIn("admin")];
    await ada.post("/alerts/rules", { ...rules, version: "0", "quarantine_growth.items": "10" });
    const response = await bob.post("/alerts/rules", {
      ...rules,
      version: "0",
      "quarantine_growth.items": "77",
    });
    expect(response.status).toBe(409);
    const page = await response.text();
    expect(page).toContain("Somebody else was quicker");
    expect(page).toContain('value="77"');
    expect(page).toContain('name="version" value="1"');
    const standing = await readRules(app.storage);
    expect(standing.rules.kinds.quarantine_growth.items).toBe(10);
  });

  test.each([
    ["store_silent.minutes", "", "whole number"],
    ["store_silent.minutes", "2", "at least 5"],
    ["settlement_missing.days", "1.5", "whole number"],
    ["quiet.from", "25:00", "time of day"],
    ["zone", "Atlantis", "Has to be a zone"],
    ["gap.severity", "dire", "Has to be"],
  ])(
    "%s = %j is refused in words beside the field, and nothing is changed",
    async (field, value, words) => {
      const admin = await app.signIn("admin");
      const response = await admin.post("/alerts/rules", {
        ...rules,
        version: "0",
        [field]: value,
      });
      expect(response.status).toBe(422);
      const page = await response.text();
      expect(page).toContain(`id="${field}-error"`);
      expect(page).toContain(words);
      expect((await readRules(app.storage)).version).toBe(0);
    },
  );
});

describe("who is told", () => {
  test("a test goes out at once, and the page says whether it was taken", async () => {
    const admin = await app.signIn("admin");
    const response = await admin.post("/alerts/ways/email/test");
    const location = response.headers.get("location") ?? "";
    expect([response.status, sent.length, sent[0]?.content.isTest]).toEqual([303, 1, true]);
    expect(await text(admin.get(location))).toContain(
      "The mail server has taken the test message.",
    );
  });

  test("a test that fails says why, and is not tried again", async () => {
    trouble = new WayFailed("sign_in_refused");
    const admin = await app.signIn("admin");
    const response = await admin.post("/alerts/ways/email/test");
    const page = await text(admin.get(response.headers.get("location") ?? ""));
    expect(page).toContain("The mail server refused the sign-in.");
    expect(page).toContain("Given up");
    expect(await queries.readWaiting(app.storage)).toBe(0);
    app.errors.length = 0;
  });

  test("a way that is not set up says how it is", async () => {
    const admin = await app.signIn("admin");
    expect(await text(admin.get("/alerts/ways"))).toContain("REGULARS_ALERT_WEBHOOK_URL");
    expect((await admin.post("/alerts/ways/webhook/test")).status).toBe(409);
    expect((await admin.post("/alerts/ways/pigeon/test")).status).toBe(422);
  });
});
