/** The Worker as one ES module, the way Wrangler bundles it, in a tenth of a second. */
import { build } from "esbuild";

export async function bundleWorker(
  entry: string,
  outfile: string,
  { minify = false } = {},
): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify,
    format: "esm",
    platform: "browser",
    conditions: ["workerd", "worker", "browser"],
    target: "es2024",
    external: ["cloudflare:*", "node:crypto", "node:zlib"],
    logLevel: "error",
  });
}
