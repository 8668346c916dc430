/** A data folder has one owner at a time, and nothing still running in it from an owner that was killed. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { codeOf, CommandFailure } from "../command.ts";
import { listProcesses, type RunningProcess } from "./processes.ts";

const claimSchema = z.object({
  owner: z.object({ pid: z.int(), command: z.string() }),
  /** Process groups, one per program that the owner has started. */
  groups: z.array(z.int()),
});
type ClaimFile = z.infer<typeof claimSchema>;

export interface Claim {
  /** Remembers a process group, so that the next owner can end it. */
  add(group: number): void;
  release(): void;
}

/** Stands in the folder while it is claimed. */
export const claimFile = "processes.json";
export async function claimFolder(folder: string, graceMs = 3_000): Promise<Claim> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, claimFile);
  const previous = readClaim(file);
  if (previous) {
    refuseIfOwned(previous, folder);
    await endLeftovers(previous, folder, graceMs);
  }
  const command = listProcesses().find(({ pid }) => pid === process.pid)?.command ?? "";
  const groups: number[] = [];
  const store = (): void =>
    writeFileSync(file, JSON.stringify({ owner: { pid: process.pid, command }, groups }));
  store();
  return {
    add: (group) => {
      groups.push(group);
      store();
    },
    release: () => rmSync(file, { force: true }),
  };
}

function readClaim(file: string): ClaimFile | null {
  try {
    return claimSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null; // none, or half-written by an owner that was killed before it had started anything
  }
}

function refuseIfOwned({ owner }: ClaimFile, folder: string): void {
  const isAlive = listProcesses().some(
    ({ pid, command }) => pid === owner.pid && command === owner.command && pid !== process.pid,
  );
  if (isAlive) {
    throw new CommandFailure(
      `${folder} is in use by process ${owner.pid}: stop it, or choose another folder.`,
    );
  }
}

/** They end by themselves when they notice that their parent is gone; what does not is ended here. */
async function endLeftovers({ groups }: ClaimFile, folder: string, graceMs: number): Promise<void> {
  const leftovers = (): RunningProcess[] =>
    // A number may belong to somebody else by now, so the command has to name the folder too.
    listProcesses().filter(
      ({ group, command }) => groups.includes(group) && command.includes(folder),
    );
  const deadline = Date.now() + graceMs;
  while (leftovers().length > 0) {
    if (Date.now() >= deadline) for (const { pid } of leftovers()) kill(pid);
    await wait(50);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error; // gone by itself in the meantime
  }
}
