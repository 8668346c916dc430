/**
 * Whether a key fits a database, before libSQL opens it: a connection with another key says so, and when it is closed
 * writes the log into the file through that key, after which nobody can read either (libsql 0.5.29). Nothing is changed here.
 */
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { OpenRefused } from "../open-refused.ts";

/** Of every database: its first page is as long, or longer. */
const HEAD_BYTES = 512;
const PLAIN = Buffer.from("SQLite format 3\0");
/** Bytes that stand the same in every database, sealed or not: 64, 32, 32. */
const FRACTIONS = { at: 21, bytes: Buffer.from([64, 32, 32]) };

/** Throws `OpenRefused` where they do not; a file that is not there yet, or is no database, is another one's matter. */
export async function checkKey(file: string, key: string | undefined): Promise<void> {
  const page = await firstPage(file);
  const isPlain = page.subarray(0, PLAIN.length).equals(PLAIN);
  const { at, bytes } = FRACTIONS;
  const isSealed = !isPlain && page.subarray(at, at + bytes.length).equals(bytes);
  if (key === undefined && isSealed) {
    const message = `The database file ${file} is encrypted, and no key was given.`;
    throw new OpenRefused("wrong_key", message);
  }
  if (key !== undefined && isPlain) {
    const message = `The database file ${file} is not encrypted, but a key was given: start without the key, or with a new folder.`;
    throw new OpenRefused("wrong_key", message);
  }
  if (key === undefined || !isSealed || (await fits(page, key))) return;
  const message = `The database file ${file} is encrypted with another key than the one that was given.`;
  throw new OpenRefused("wrong_key", message);
}

/** Empty where there is no file. */
async function firstPage(file: string): Promise<Buffer> {
  try {
    const opened = await open(file, "r");
    try {
      const head = await readUpTo(opened, HEAD_BYTES);
      // Big end first; 1 stands for 65,536.
      const size = head.length < HEAD_BYTES ? 0 : head.readUInt16BE(16);
      return await readUpTo(opened, Math.max(HEAD_BYTES, size === 1 ? 65_536 : size));
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return Buffer.alloc(0);
    throw error;
  }
}

async function readUpTo(file: Awaited<ReturnType<typeof open>>, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
  return buffer.subarray(0, bytesRead);
}

/** Tried on a copy of the first page, which has no log. */
async function fits(page: Buffer, key: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "regulars-key-"));
  try {
    const copy = join(folder, "page.db");
    await writeFile(copy, page);
    const client = createClient({ url: pathToFileURL(copy).href, encryptionKey: key });
    try {
      await client.execute("pragma schema_version");
      return true;
    } catch (error) {
      // Anything else is said of a page that could be read: the others are missing.
      return !(error instanceof Error && "code" in error && error.code === "SQLITE_NOTADB");
    } finally {
      client.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
