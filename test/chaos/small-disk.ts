/** A disk of a few megabytes, which can be filled to its last byte: a file system of its own, where one may be mounted. */
import { spawnSync } from "node:child_process";
import { closeSync, cpSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

export interface SmallDisk {
  readonly folder: string;
  /** From here on nothing can be written that takes room. */
  fill(): void;
  free(): void;
  /** Leaves a copy of what is on it, for whoever has to find out what went wrong. */
  unmount(): void;
}

/** Room for the longest run, and filled in a moment. */
const SIZE = "96m";
const CHUNKS = [1 << 20, 1 << 12, 1];

/** Null where this user may mount nothing. */
export function mountSmallDisk(folder: string): SmallDisk | null {
  mkdirSync(folder, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "regulars", folder]);
  if (mounted.status !== 0) return null;
  const ballast = join(folder, "ballast");
  let isMounted = true;
  function unmount(): void {
    if (!isMounted) return;
    isMounted = false;
    rmSync(ballast, { force: true });
    cpSync(folder, `${folder}.kept`, { recursive: true });
    spawnSync("umount", ["--lazy", folder]);
  }
  process.on("exit", unmount);
  return {
    folder,
    fill() {
      const file = openSync(ballast, "a");
      for (const bytes of CHUNKS) fillWith(file, Buffer.alloc(bytes));
      closeSync(file);
    },
    free: () => rmSync(ballast, { force: true }),
    unmount,
  };
}

function fillWith(file: number, chunk: Buffer): void {
  try {
    for (;;) if (writeSync(file, chunk) < chunk.length) return;
  } catch (error) {
    const isFull = error instanceof Error && "code" in error && error.code === "ENOSPC";
    if (!isFull) throw error;
  }
}
