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
  // In one order, whatever order the records came in: two runs can be compared by their bytes.
  const sorted = clusters
    .map((ids) => ids.toSorted(byText))
    .toSorted(([a = ""], [b = ""]) => byText(a, b));
  const rows = sorted.flatMap((ids, at) => ids.map((id) => `${quoted(id)},${at + 1}\n`));
  return `record,customer\n${rows.join("")}`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
