/**
 * For `node --import`: the console's pages are written in JSX, which Node does not strip. All of them are compiled by one call
 * before the first is asked for; whatever else there is, Node reads by itself.
 */
import { globSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const SOURCES = join(import.meta.dirname, "src");
const PAGE = /\.tsx$/;

const compiled = buildSync({
  entryPoints: globSync("**/*.tsx", { cwd: SOURCES, exclude: ["**/*.test.tsx"] }),
  absWorkingDir: SOURCES,
  outdir: SOURCES,
  outbase: SOURCES,
  outExtension: { ".js": ".tsx" },
  format: "esm",
  target: `node${process.versions.node}`,
  // Names and lines of a stack are those of the page.
  sourcemap: "inline",
  sourcesContent: false,
  write: false,
});
const pages = new Map(compiled.outputFiles.map(({ path, text }) => [path, text]));

process.setSourceMapsEnabled(true);
registerHooks({
  load(url, context, next) {
    const source = PAGE.test(url) ? pages.get(fileURLToPath(url)) : undefined;
    if (source === undefined) return next(url, context);
    pages.delete(fileURLToPath(url));
    return { format: "module", source, shortCircuit: true };
  },
});
