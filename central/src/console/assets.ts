/** Files of the console, read once: its style, its picture, htmx and the few lines of script of its own. */
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Hono } from "hono";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const read = (url: string | URL): string => readFileSync(new URL(url), "utf8");
const file = (name: string): string => read(new URL(name, import.meta.url));

/** The common style first, then that of each place, by name. */
const styles = (): string =>
  ["style.css", ...globSync("*/style.css", { cwd: HERE }).toSorted()].map(file).join("\n");

export function assetRoutes(): Hono {
  const assets = new Hono();
  const files = [
    ["style.css", "text/css; charset=utf-8", styles()],
    ["icon.svg", "image/svg+xml", file("icon.svg")],
    ["keys.js", "text/javascript; charset=utf-8", file("keys.js")],
    ["ahead.js", "text/javascript; charset=utf-8", file("matches/ahead.js")],
    ["htmx.js", "text/javascript; charset=utf-8", read(import.meta.resolve("htmx.org/dist/htmx.min.js"))],
  ] as const; // prettier-ignore
  for (const [name, type, text] of files) {
    assets.get(`/console/${name}`, (c) =>
      c.body(text, 200, { "content-type": type, "cache-control": "max-age=3600" }),
    );
  }
  return assets;
}
