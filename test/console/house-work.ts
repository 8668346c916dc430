/** What people at head office do at the console of a house, by keyboard alone. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { House } from "../house.ts";
import { type Look, overflowOf, shoot, tabTo, violationsOf } from "./browser.ts";

/** The page as it stands has no flaw, and is kept as a picture. */
export async function expectFine(page: Page, look: Look, place: string): Promise<void> {
  await shoot(page, look, place);
  expect([place, await violationsOf(page)]).toEqual([place, []]);
  expect([place, await overflowOf(page)]).toEqual([place, []]);
}

/** From the page at the door to whatever was asked for. */
export async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.waitForSelector("#name:focus");
  await page.keyboard.type(name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("form.person", { state: "attached" });
}

export async function signOut(page: Page): Promise<void> {
  // On a narrow screen the places are behind a button.
  if (await page.isVisible("button.menu")) await press(page, "button.menu");
  await press(page, "form.person button");
  await page.waitForSelector("text=You are signed out.");
}

export async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}

/** Somebody new of operations; returns the password that is shown once. */
async function addColleague(page: Page, name: string): Promise<string> {
  await page.goto("/people/new");
  await tabTo(page, "#name");
  await page.keyboard.type(name);
  await tabTo(page, "#role-operations");
  await page.keyboard.press("Space");
  await press(page, "main form button");
  return (await page.textContent("#password"))?.trim() ?? "";
}

export interface Question {
  /** Number of the exception. */
  readonly n: number;
  readonly store: string;
  readonly day: string;
}

/** From the morning's first page to an exception that one person has explained and another approved. */
export async function workQuestion(
  page: Page,
  look: Look,
  { secrets }: House,
  { n, store, day }: Question,
): Promise<void> {
  await page.goto("/");
  await signIn(page, "console", secrets.consolePassword);
  // The day before, and back to the newest on which anything was sold.
  await page.keyboard.press("p");
  await page.waitForURL((at) => (at.searchParams.get("day") ?? day) < day);
  await page.keyboard.press("n");
  await page.waitForURL((at) => at.searchParams.get("day") === day);
  await press(page, `#store-${store}`);
  await page.waitForURL(`**/stores/${store}/${day}`);
  await press(page, ".figures a");
  await page.waitForURL("**/rows");
  await press(page, "main tbody th a");
  await page.waitForURL(/\/rows\/.+\/\d+\/\d+$/);
  await expectFine(page, look, "house-row");
  await press(page, ".crumbs a:last-child");
  await page.waitForURL("**/rows**");
  await page.goto(`/stores/${store}/${day}`);
  await press(page, `a[href^="/exceptions/${n}"]`);
  await page.waitForURL(`**/exceptions/${n}**`);
  await expectFine(page, look, "house-exception");
  await page.keyboard.press("e");
  await page.keyboard.type("Counted again with the manager: a note was under the tray.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`done=${n}\\.explain`));
  const colleague = `bea.${look.name}`;
  const password = await addColleague(page, colleague);
  await signOut(page);
  await page.goto(`/exceptions/${n}`);
  await signIn(page, colleague, password);
  await page.waitForURL(`**/exceptions/${n}`);
  expect(await page.textContent("main")).toContain("a note was under the tray");
  await page.keyboard.press("p");
  await page.waitForURL(new RegExp(`done=${n}\\.approve`));
  expect(await page.textContent(".notice")).toContain("was approved");
}

/** A till gets a code; another is shut out. */
export async function manageTills(page: Page, look: Look, revoked: string): Promise<void> {
  await page.goto("/sources");
  await page.keyboard.press("e");
  await page.waitForURL("**/sources/enrol");
  await tabTo(page, "#source");
  await page.keyboard.type(`new-${look.name}`);
  await tabTo(page, "#store");
  await page.keyboard.type("store-2");
  await page.keyboard.press("Enter");
  await page.waitForSelector("p.code");
  expect((await page.textContent("p.code"))?.length).toBeGreaterThan(5);
  await expectFine(page, look, "house-code");
  await page.goto(`/sources/${revoked}`);
  await press(page, "a.danger");
  await page.waitForURL("**/revoke");
  await expectFine(page, look, "house-revoke");
  await press(page, "main form button.danger");
  await page.waitForURL(`**/sources?revoked=${revoked}`);
  expect(await page.textContent(".notice")).toContain(`${revoked} is shut out`);
}

/** Rules are put into force, and whoever is told of alerts gets a test. */
export async function arrangeAlerts(page: Page, look: Look): Promise<void> {
  await page.goto("/alerts/rules");
  await tabTo(page, '[name="remindHours"]');
  await page.keyboard.press("Control+a");
  await page.keyboard.type("12");
  await press(page, "form.rules button");
  await page.waitForSelector("text=These rules are in force.");
  expect(await page.inputValue('[name="remindHours"]')).toBe("12");
  await page.goto("/alerts/ways");
  await press(page, "form[action$='/webhook/test'] button");
  await page.waitForSelector("text=The webhook has taken the test message.");
  await expectFine(page, look, "house-alert-test");
}

/** A processor's file: looked at, then taken in. Only the choice of a file is the browser's own window. */
export async function takeFile(page: Page, look: Look, name: string, csv: string): Promise<void> {
  await page.goto("/settlement");
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from(csv) });
  await press(page, ".settlement-upload button");
  await page.waitForURL(/\/settlement\/uploads\//);
  await page.waitForSelector("[data-key=t]");
  await expectFine(page, look, "house-upload");
  await page.keyboard.press("t");
  await page.waitForSelector("text=Taken in:");
}
