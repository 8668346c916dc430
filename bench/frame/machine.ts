/** Which tree is measured, and on what. */
import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type as systemName } from "node:os";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { z } from "zod";
import { ROOT } from "../../local/system/programs.ts";
import type { Machine } from "./result.ts";

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${systemName()} ${release()}`,
    node: process.versions.node,
    workerd: versionOf("workerd"),
  };
}

function versionOf(name: string): string {
  const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}

export interface Tree {
  readonly commit: string | null;
  readonly isClean: boolean;
}

/** The report does not count: it is written by what is measured. */
export function thisTree(): Tree {
  const commit = git(["rev-parse", "--short=10", "HEAD"]);
  const but = [":!docs/measured.md", ":!docs/measured.jsonl"];
  const changed = git(["status", "--porcelain", "--", ".", ...but]);
  return { commit, isClean: changed === "" };
}

function git(args: readonly string[]): string | null {
  try {
    const stdio = ["ignore", "pipe", "ignore"] as const;
    return execFileSync("git", [...args], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: [...stdio],
    }).trim();
  } catch {
    return null; // no repository, or no git
  }
}
