/**
 * The store agent as a package that installs anywhere: compiled JavaScript, types, README, licences.
 *
 * npm run -s pack:agent [-- FOLDER]    makes dist/regulars-store-agent-VERSION.tgz and prints its path
 */
import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { bundleAgent, DEPENDENCIES, licencesOf, OLDEST_NODE } from "./pack/bundle.ts";
import { declareAgent } from "./pack/declarations.ts";
import { agentManifest, ROOT } from "./pack/manifest.ts";

const run = promisify(execFile);
const packedSchema = z.tuple([z.object({ filename: z.string() })]);

/** Makes the tarball in the folder, which is made when it is not there; answers with its path. */
export async function packAgent(folder: string): Promise<string> {
  const into = resolve(folder);
  await mkdir(into, { recursive: true });
  const stage = await mkdtemp(join(tmpdir(), "regulars-package-"));
  try {
    const [bundle] = await Promise.all([
      bundleAgent(join(stage, "lib")),
      declareAgent(join(stage, "types"), DEPENDENCIES),
      copyFile(join(ROOT, "LICENSE"), join(stage, "LICENSE")),
      copyFile(join(ROOT, "store-agent/README.md"), join(stage, "README.md")),
    ]);
    await chmod(join(stage, "lib/main.js"), 0o755);
    await writeFile(join(stage, "THIRD-PARTY-LICENSES.txt"), licencesOf(bundle.bundled));
    await writeFile(join(stage, "package.json"), agentManifest(bundle.dependencies, OLDEST_NODE));
    const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", into], {
      cwd: stage,
      shell: process.platform === "win32",
    });
    const [{ filename }] = packedSchema.parse(JSON.parse(stdout));
    return join(into, filename);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [folder = join(ROOT, "dist"), ...more] = process.argv.slice(2);
  if (folder.startsWith("-") || more.length > 0) {
    process.stderr.write("Usage: npm run -s pack:agent [-- FOLDER]\n");
    process.exitCode = 1;
  } else {
    process.stdout.write(`${relative(process.cwd(), await packAgent(folder))}\n`);
  }
}
