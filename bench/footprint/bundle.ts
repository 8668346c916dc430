/** The edge as it is uploaded: one module, minified, gzipped as Cloudflare weighs it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundleWorker } from "../../edge/self-hosted/bundle.ts";

export interface BundleBytes {
  readonly gzip: number;
  readonly plain: number;
}

export async function bundleBytes(root: string, folder: string): Promise<BundleBytes> {
  const file = join(folder, "worker.js");
  await bundleWorker(join(root, "edge/src/worker.ts"), file, { minify: true });
  const code = readFileSync(file);
  return { gzip: gzipSync(code).length, plain: code.length };
}
