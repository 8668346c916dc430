/** What the disk alone can do: so many bytes at the end of one file, and their way to the disk, one after the other. */
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";

/** Writes per second. */
export function bareWrites(file: string, bytes: number, count: number): number {
  const descriptor = openSync(file, "w");
  const written = Buffer.alloc(bytes, 7);
  const startedMs = performance.now();
  for (let n = 0; n < count; n++) {
    writeSync(descriptor, written);
    fdatasyncSync(descriptor);
  }
  const seconds = (performance.now() - startedMs) / 1_000;
  closeSync(descriptor);
  rmSync(file);
  return count / seconds;
}

/** What this process has handed to the system to write so far; null where that cannot be known. */
export function bytesWritten(): number | null {
  try {
    const [, bytes] = /^wchar: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8")) ?? [];
    return bytes === undefined ? null : Number(bytes);
  } catch {
    return null; // another system than Linux
  }
}
