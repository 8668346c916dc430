/** Where archive files lie: written once and whole, read by position, never changed and never deleted. */
import { mkdir, open, readdir, rename } from "node:fs/promises";
import { dirname, join } from "node:path";

export interface ArchiveFolder {
  /** Resolves when the file and its name are durable. A name that is there already is written again. */
  write(name: string, bytes: Uint8Array): Promise<void>;
  /** Rejects when the file is not there, or ends before that. */
  read(name: string, at: number, length: number): Promise<Uint8Array>;
  /** The whole of it. */
  readAll(name: string): Promise<Uint8Array>;
  names(): Promise<string[]>;
}

/** Of a file that is being written. */
const PART = ".part";

export function openArchiveFolder(folder: string): ArchiveFolder {
  return {
    async write(name, bytes) {
      const made = await mkdir(folder, { recursive: true });
      if (made !== undefined) await syncFolder(dirname(folder));
      const file = await open(join(folder, name + PART), "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(join(folder, name + PART), join(folder, name));
      await syncFolder(folder);
    },

    async read(name, at, length) {
      const file = await open(join(folder, name), "r");
      try {
        const bytes = new Uint8Array(length);
        const { bytesRead } = await file.read(bytes, 0, length, at);
        if (bytesRead < length) throw new RangeError("the file ends before that");
        return bytes;
      } finally {
        await file.close();
      }
    },

    async readAll(name) {
      const file = await open(join(folder, name), "r");
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },

    async names() {
      try {
        return (await readdir(folder)).filter((name) => !name.endsWith(PART));
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
        throw error;
      }
    },
  };
}

/** The name of a file is in its folder, which has a sync of its own; Windows has none, and keeps names by its journal. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const file = await open(folder, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
