/** What is kept of each part, and in which order it is copied. */
import { existsSync, globSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandFailure } from "../command.ts";

export const PARTS = ["centre", "edge", "till"] as const;
export type Part = (typeof PARTS)[number];

export interface Source {
  /** In the backup, with `/`. */
  readonly name: string;
  readonly path: string;
  readonly kind: "database" | "file";
}

/** In the order of copying. */
export function sourcesOf(part: Part, from: string): Source[] {
  switch (part) {
    case "centre":
      return centreSources(from);
    case "edge":
      return edgeSources(resolve(from));
    case "till":
      return tillSources(resolve(from));
  }
}

function centreSources(from: string): Source[] {
  if (/^(https?|libsql|wss?):/.test(from)) {
    throw new CommandFailure(
      "A database on a libSQL server is backed up there, by its point-in-time restore: see docs/deploy.md.",
    );
  }
  const path = from.startsWith("file:") ? fileURLToPath(from) : resolve(from);
  const file = isFolder(path) ? join(path, "centre.db") : path;
  return [
    { name: "centre.db", path: requireFile(file, "the centre's database"), kind: "database" },
  ];
}

/**
 * Whoever hands on is copied before whoever is handed to: what is in neither copy does not exist then, and what is in both is
 * recognised. What was on its way between two shards comes back from the centre, by the comparing.
 */
const EDGE_ORDER = ["Intake", "Inbox", "Directory", "ProfileShard", "Registry"];

function edgeSources(folder: string): Source[] {
  const objects = join(folder, "objects");
  if (!isFolder(objects)) {
    throw new CommandFailure(`The folder ${folder} holds no objects of an edge.`);
  }
  const rank = (name: string): number => {
    const at = EDGE_ORDER.findIndex((each) => name.includes(`regulars-${each}/`));
    return at === -1 ? EDGE_ORDER.length : at;
  };
  return globSync("**/*.sqlite", { cwd: objects })
    .map((path) => `objects/${path.replaceAll("\\", "/")}`)
    .toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map((name) => ({ name, path: join(folder, name), kind: "database" }));
}

/** The database first: a file of the archive is there before the database names it. */
function tillSources(folder: string): Source[] {
  const database = requireFile(join(folder, "store-agent.db"), "a till's database");
  const files = ["till-key.json", ...globSync("archive/*", { cwd: folder }).toSorted()];
  return [
    { name: "store-agent.db", path: database, kind: "database" },
    ...files
      .map((name) => ({ name, path: join(folder, name), kind: "file" as const }))
      .filter(({ path }) => existsSync(path)),
  ];
}

function requireFile(path: string, what: string): string {
  if (!existsSync(path)) {
    const place = relative("", dirname(path)) === "" ? "here" : `in ${dirname(path)}`;
    throw new CommandFailure(`There is no ${basename(path)} ${place}: ${what} was looked for.`);
  }
  return path;
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
