import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimFile, claimFolder } from "./claim.ts";
import { listProcesses } from "./processes.ts";

const wait = "setInterval(() => 0, 1000)";

function start(...args: string[]) {
  const child = spawn(process.execPath, ["-e", wait, ...args], { detached: true });
  return { child, pid: child.pid!, ended: once(child, "exit") };
}

describe("a data folder", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "regulars-claim-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const leave = (owner: { pid: number; command: string }, groups: number[]) =>
    writeFile(join(folder, claimFile), JSON.stringify({ owner, groups }));

  test("of a killed owner: what it left running is ended, and nobody else", async () => {
    const left = start(folder);
    const stranger = start("another folder");
    await leave({ pid: 1, command: "a killed owner" }, [left.pid, stranger.pid]);
    const claim = await claimFolder(folder, 0);
    await left.ended;
    expect(listProcesses().some(({ pid }) => pid === stranger.pid)).toBe(true);
    stranger.child.kill();
    claim.release();
  });

  test("of a living owner is refused", async () => {
    const owner = start("owner");
    await once(owner.child, "spawn");
    const { command } = listProcesses().find(({ pid }) => pid === owner.pid)!;
    await leave({ pid: owner.pid, command }, []);
    await expect(claimFolder(folder)).rejects.toThrow(
      `${folder} is in use by process ${owner.pid}: stop it, or choose another folder.`,
    );
    owner.child.kill();
  });

  test("whose number of owner belongs to somebody else by now is free", async () => {
    const other = start("somebody else");
    await leave({ pid: other.pid, command: "the owner that was" }, []);
    const claim = await claimFolder(folder);
    expect(listProcesses().some(({ pid }) => pid === other.pid)).toBe(true);
    claim.release();
    other.child.kill();
  });
});
