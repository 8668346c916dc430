// Fails when a relative link in a Markdown file points to a file or heading that does not exist.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const ignoredFolders = new Set(["node_modules", "dist", ".git", ".regulars", ".wrangler"]);
const files = globSync(["**/*.md", ".*/**/*.md"], {
  exclude: (path) => path.split("/").some((part) => ignoredFolders.has(part)),
});

const broken = files.flatMap(brokenLinksIn);
for (const line of broken) console.error(line);
console.log(`docs: ${files.length} files, ${broken.length} broken links`);
process.exitCode = broken.length > 0 ? 1 : 0;

function brokenLinksIn(file: string): string[] {
  return linksIn(file).flatMap((link) => {
    const problem = problemOf(file, link);
    return problem === undefined ? [] : [`${file}: the link "${link}" ${problem}.`];
  });
}

function linksIn(file: string): string[] {
  const text = withoutCode(readFileSync(file, "utf8")).replace(/`[^`\n]*`/g, "");
  const inline = text.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g);
  const references = text.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/gm);
  const targets = [...inline, ...references].map((match) => match[1] ?? "");
  return targets.filter((target) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
}

function problemOf(file: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#", 2).map(decodeURIComponent);
  if (path.startsWith("/")) return "is absolute; use a relative path";
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (target.startsWith("..")) return "leaves the repository";
  if (!existsSync(target)) return "points to a file that does not exist";
  if (!anchor || !target.endsWith(".md") || !statSync(target).isFile()) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : "points to a heading that does not exist";
}

function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  const text = withoutCode(readFileSync(file, "utf8"));
  for (const [, heading = ""] of text.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = slugOf(heading);
    // A repeated heading gets -1, -2, … as on the usual forges.
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  for (const [, id = ""] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

function slugOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
  return text.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "").replaceAll(" ", "-");
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^ *(```|~~~)[\s\S]*?^ *\1.*$/gm, "");
}
