/** Clusters as CSV, at once or not at all: a file that ends in the middle looks like one of fewer customers. */
import { rename, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { codeOf, CommandFailure } from "../command.ts";

export async function writeClusters(
  path: string,
  clusters: readonly (readonly string[])[],
): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(unfinished, csvOf(clusters), { flag: "wx" });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    const name = basename(path);
    throw new CommandFailure(
      `The clusters cannot be written to ${name} (${codeOf(error) || "unknown"}).`,
      { cause: error },
    );
  }
}

function csvOf(clusters: readonly (readonly string[])[]): string {
  const rows = clusters.flatMap((ids, at) => ids.map((id) => `${quoted(id)},${at + 1}\n`));
  return `record,customer\n${rows.join("")}`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
