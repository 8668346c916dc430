/** A real Chromium for tests of the console. One browser per walk, because the packaged one runs in a single process. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";

/** Build output: looked at by people, kept by nobody. */
const SHOTS = ".regulars/screenshots";

export interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
}

export const LOOKS: readonly Look[] = [
  { name: "desktop-light", width: 1280, height: 900, scheme: "light" },
  { name: "desktop-dark", width: 1280, height: 900, scheme: "dark" },
  { name: "phone-light", width: 390, height: 844, scheme: "light" },
  { name: "phone-dark", width: 390, height: 844, scheme: "dark" },
];

/** For tasks of many steps: both widths and both schemes. The other two differ from these in one of them alone. */
export const WALKED: readonly Look[] = LOOKS.filter(
  ({ name }) => name === "desktop-light" || name === "phone-dark",
);
export const isWalked = ({ name }: Look): boolean => WALKED.some((each) => each.name === name);

/** Runs a walk on a page of its own. What the page itself reports as broken fails the walk. */
export async function walk(
  url: string,
  { width, height, scheme }: Look,
  steps: (page: Page) => Promise<void>,
  { javaScriptEnabled = true } = {},
): Promise<void> {
  const browser = await chromium.launch(await findChromium());
  try {
    const context = await browser.newContext({
      baseURL: url,
      viewport: { width, height },
      colorScheme: scheme,
      javaScriptEnabled,
    });
    const page = await context.newPage();
    const broken: string[] = [];
    page.on("pageerror", ({ message }) => broken.push(message));
    page.on("console", (message) => {
      // Refused pages are part of a walk; scripts and styles that the policy stops are not.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
        broken.push(message.text());
    });
    await steps(page);
    if (broken.length > 0) throw new Error(`the page reports: ${broken.join("; ")}`);
  } finally {
    await browser.close();
  }
}

/** The page as it stands, in a file named after look and place. */
export async function shoot(page: Page, look: Look, place: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  const { width, height } = page.viewportSize() ?? look;
  const full = await page.evaluate("document.documentElement.scrollHeight");
  const clipped = Math.min(Number(full), MAX_SHOT_PX);
  await page.setViewportSize({ width, height: Math.max(height, clipped) });
  await page.screenshot({ path: join(SHOTS, `${place}-${look.name}.png`) });
  await page.setViewportSize({ width, height });
}
const MAX_SHOT_PX = 4_000;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical violations of WCAG A and AA, as `rule: target`. */
export async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate<string[]>(`axe
    .run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })
    .then(({ violations }) => violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ": " + target.join(" "))))`);
}

/** What overflows the width of the page, by its tag and class. */
export const overflowOf = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`
    document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
      [...document.querySelectorAll("body *")]
        .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
        .slice(0, 5).map((each) => each.tagName + "." + each.className)`);

const TABS_MAX = 120;

/** Moves the focus by Tab alone until it is on what `selector` names, as somebody without a mouse does. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  // Of a page that is still coming, the next key may be answered by the one before, or by a button without its script.
  await page.waitForLoadState("load");
  for (let at = 0; at < TABS_MAX; at += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`no way to ${selector} by keyboard`);
}
