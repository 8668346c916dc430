/** The agent's package: its tarball, and what lies in an empty project once it and what it depends on are installed. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { packAgent } from "../../scripts/pack-agent.ts";

export interface PackageBytes {
  readonly tarball: number;
  readonly unpacked: number;
  readonly dependencies: number;
}

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

export async function packageBytes(root: string, folder: string): Promise<PackageBytes> {
  const tarball = await packAgent(folder);
  execFileSync("tar", ["-xzf", tarball, "-C", folder]);
  const unpacked = join(folder, "package");
  const names = new Set<string>();
  addDependencies(join(root, "node_modules"), unpacked, names);
  return {
    tarball: statSync(tarball).size,
    unpacked: bytesIn(unpacked),
    dependencies: [...names]
      .map((name) => bytesIn(join(root, "node_modules", name)))
      .reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** Those that are installed: of binaries that is the one for this machine. */
function addDependencies(modules: string, folder: string, names: Set<string>): void {
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const { dependencies, optionalDependencies } = manifestSchema.parse(JSON.parse(text));
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const own = join(modules, name);
    if (names.has(name) || !existsSync(own)) continue;
    names.add(name);
    addDependencies(modules, own, names);
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size)
    .reduce((sum, bytes) => sum + bytes, 0);
}
