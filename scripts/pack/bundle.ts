/** The agent's JavaScript: its own sources and the pure libraries in them, compiled into a few files. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";
import { readManifest, ROOT } from "./manifest.ts";

/**
 * Not bundled: libSQL is native code, ws and pino load parts of themselves while they run, and zod's types are among
 * the agent's own.
 */
export const DEPENDENCIES = ["@libsql/client", "libsql", "pino", "ws", "zod"];

/** The oldest Node that has `hash` of node:crypto. */
export const OLDEST_NODE = "20.12";

export interface Bundle {
  /** Packages that have to be installed beside it. */
  readonly dependencies: readonly string[];
  /** Packages of others that are in it. */
  readonly bundled: readonly string[];
}

/** Writes `index.js`, which is imported, and `main.js`, which is run, into the folder. */
export async function bundleAgent(folder: string): Promise<Bundle> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: {
      index: "store-agent/src/open-store-agent.ts",
      main: "store-agent/src/main.ts",
    },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: `node${OLDEST_NODE}`,
    external: DEPENDENCIES,
    inject: ["scripts/pack/older-node.ts"],
    define: { "Map.groupBy": "mapGroupBy" },
    chunkNames: "agent-[hash]",
    legalComments: "inline",
    logLevel: "warning",
    metafile: true,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter((each) => each.external === true && !isBuiltin(each.path));
  const inside = Object.keys(metafile.inputs).filter((input) => input.includes("node_modules/"));
  return {
    dependencies: namesOf(outside.map(({ path }) => path)),
    bundled: namesOf(inside.map((input) => input.split("node_modules/").at(-1) ?? "")),
  };
}

const namesOf = (paths: readonly string[]): string[] =>
  [...new Set(paths.map(packageOf))].toSorted();

/** "@scope/name/a/b.js" is of "@scope/name". */
const packageOf = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");

/** The licences of what is bundled, as they ask for. */
export function licencesOf(packages: readonly string[]): string {
  const told = packages.map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
    const { version, license } = readManifest(`node_modules/${name}`);
    return `${name} ${version} (${license})\n\n${text}`.trim();
  });
  return `${told.join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
