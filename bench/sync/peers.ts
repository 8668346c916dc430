/** The peers, which are a package of their own: where it is, and what of it runs here. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { CommandFailure } from "../../local/command.ts";

export const PEERS = resolve(import.meta.dirname, "../peers");

const NEEDED = ["express-pouchdb", "pouchdb", "@hocuspocus/server", "better-sqlite3"];
const INSTALL = "npm ci --prefix bench/peers";

/** Rejects with `CommandFailure` where they are not installed, or not for this machine. */
export function requirePeers(): { readonly sqliteNode: string } {
  const missing = NEEDED.some((name) => !existsSync(join(PEERS, "node_modules", name)));
  if (missing) {
    throw new CommandFailure(`The peers of this bench are not installed: run "${INSTALL}" once.`);
  }
  const sqliteNode = nodesHere().find((node) => hasSqlite(node));
  if (sqliteNode !== undefined) return { sqliteNode };
  throw new CommandFailure(
    `SQLite of the peers was built for another Node or not at all: run "${INSTALL}" again.`,
  );
}

/** The one that npm runs on has built what had to be built. */
const nodesHere = (): string[] => [
  process.execPath,
  ...(process.env["npm_node_execpath"] === undefined ? [] : [process.env["npm_node_execpath"]]),
  "/usr/bin/node",
];

function hasSqlite(node: string): boolean {
  const opened = spawnSync(node, ["-e", `new (require("better-sqlite3"))(":memory:")`], {
    cwd: PEERS,
    stdio: "ignore",
  });
  return opened.status === 0;
}
