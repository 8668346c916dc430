/** What package.json files say, and the one that the packed agent gets. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const ROOT = join(import.meta.dirname, "../..");

const manifestSchema = z.object({
  version: z.string(),
  license: z.string(),
  description: z.string().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Of a package in a folder below the root. */
export const readManifest = (folder: string): Manifest =>
  manifestSchema.parse(JSON.parse(readFileSync(join(ROOT, folder, "package.json"), "utf8")));

/** Dependencies are the versions that everything here is tested with. */
export function agentManifest(dependencies: readonly string[], oldestNode: string): string {
  const { version, license, description } = readManifest("store-agent");
  const manifest = {
    name: "@regulars/store-agent",
    version,
    description,
    license,
    type: "module",
    engines: { node: `>=${oldestNode}` },
    bin: { "regulars-agent": "lib/main.js" },
    types: "types/store-agent/src/open-store-agent.d.ts",
    exports: {
      ".": {
        types: "./types/store-agent/src/open-store-agent.d.ts",
        default: "./lib/index.js",
      },
      "./package.json": "./package.json",
    },
    files: ["lib", "types", "THIRD-PARTY-LICENSES.txt"],
    dependencies: Object.fromEntries(
      dependencies.map((name) => [name, readManifest(`node_modules/${name}`).version]),
    ),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
