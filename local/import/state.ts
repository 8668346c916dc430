/** How far an import has come: when it is interrupted and run again, it goes on from what the edge has acknowledged. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Summary, summarySchema } from "./summary.ts";

const stateSchema = z.object({
  /** Records that the edge has acknowledged, from the beginning of the file. */
  acknowledged: z.int().min(0),
  summary: summarySchema,
});
export type State = z.infer<typeof stateSchema>;

export interface StateFile {
  /** Null for a new import. */
  readonly previous: State | null;
  save(acknowledged: number, summary: Summary): Promise<void>;
  /** It is done: the next run begins anew, and has no second effect. */
  remove(): Promise<void>;
}

/** The same bytes read in the same way, for the same account of the same edge. */
export async function openState(
  folder: string,
  file: string,
  how: readonly unknown[],
): Promise<StateFile> {
  const digest = createHash("sha256");
  const bytes: AsyncIterable<Uint8Array> = createReadStream(file);
  for await (const chunk of bytes) digest.update(chunk);
  digest.update(JSON.stringify(how));
  const path = join(folder, `${digest.digest("hex").slice(0, 32)}.json`);
  await mkdir(folder, { recursive: true });
  return {
    previous: await readState(path),
    async save(acknowledged, summary) {
      await writeFile(`${path}.new`, JSON.stringify({ acknowledged, summary } satisfies State));
      await rename(`${path}.new`, path);
    },
    remove: () => rm(path, { force: true }),
  };
}

/** What cannot be read is no state: everything is sent again, which does no harm (CAP6). */
async function readState(path: string): Promise<State | null> {
  try {
    return stateSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}
