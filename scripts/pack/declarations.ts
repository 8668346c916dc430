/** The agent's types, with those of `shared` beside them: whoever installs the package has no workspace. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./manifest.ts";

const run = promisify(execFile);
const ENTRY = "store-agent/src/open-store-agent.d.ts";

/** Types of bundled packages, as far as the agent's name them; nobody outside ever holds one. */
const STUBS: Readonly<Record<string, string>> = { yjs: "export interface Doc {}\n" };

/**
 * Writes what can be reached from the entry, and nothing else that a compiler would have to read; the agent is installed
 * with `dependencies`.
 */
export async function declareAgent(folder: string, dependencies: readonly string[]): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), "regulars-types-"));
  try {
    const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
    const project = join(ROOT, "scripts/pack/tsconfig.json");
    await run(process.execPath, [compiler, "-p", project, "--outDir", emitted]);
    const seen = new Set([ENTRY]);
    for (const [name, text] of Object.entries(STUBS)) {
      await writeFile(join(emitted, `${name}.d.ts`), text);
    }
    for (const file of seen) {
      const source = await readFile(join(emitted, file), "utf8");
      const { text, imports } = rewrite(file, source, dependencies);
      for (const each of imports) seen.add(each);
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

const SPECIFIER = /((?:from|import\()\s*")([^"]+)"/g;

/** Imports as an installed package says them: by path, and ending in .js. */
function rewrite(file: string, source: string, dependencies: readonly string[]) {
  const imports: string[] = [];
  const text = source.replace(SPECIFIER, (whole, before: string, specifier: string) => {
    const target = fileOf(file, specifier);
    if (target === null) {
      if (dependencies.includes(specifier) || specifier.startsWith("node:")) return whole;
      throw new Error(`the types of the agent need those of ${specifier}`);
    }
    imports.push(`${target}.d.ts`);
    const path = relative(dirname(file), `${target}.js`);
    return `${before}${path.startsWith(".") ? path : `./${path}`}"`;
  });
  return { text, imports };
}

/** Below the root and without its ending; null for a package of others. */
function fileOf(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return join(dirname(from), specifier.replace(/\.tsx?$/, ""));
  if (specifier in STUBS) return specifier;
  const shared = /^@regulars\/shared\/(.+)$/.exec(specifier)?.[1];
  return shared === undefined ? null : join("shared/src", shared);
}
