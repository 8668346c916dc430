/**
 * Makes shared/src/identity/ascii-blocks.ts of the package any-ascii: node scripts/ascii-blocks.ts. Scripts that nobody writes
 * today are left out, and Korean syllables, which are worked out: the whole is more than half of what a Worker may weigh.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";

/** The Basic Multilingual Plane. */
const BLOCKS = 0x100;
const isHangul = (block: number): boolean => block >= 0xac && block < 0xd7;

const folder = dirname(createRequire(import.meta.url).resolve("any-ascii"));
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
const entries = [
  ...readFileSync(join(folder, "block.js"), "utf8").matchAll(/case (\d+):return(".*");?$/gm),
].flatMap(([, block, text = ""]) => {
  const number = Number(block);
  return number >= BLOCKS || isHangul(number) ? [] : [`  ${number}: ${text.replace(/;$/, "")},`];
});
writeFileSync(
  resolve(import.meta.dirname, "../shared/src/identity/ascii-blocks.ts"),
  `/**
 * Letters of today's scripts in ASCII, by blocks of 256, parted by tabs. Of any-ascii ${version}, made by scripts/ascii-blocks.ts.
 *
${licenceOf(folder)}
 */
export const ASCII_BLOCKS: Readonly<Record<number, string>> = {
${entries.join("\n")}
};
`,
);

function licenceOf(of: string): string {
  const text = readFileSync(join(of, "LICENSE"), "utf8").trim();
  return text
    .split("\n")
    .map((line) => ` * ${line}`.trimEnd())
    .join("\n");
}
