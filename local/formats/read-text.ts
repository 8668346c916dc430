/**
 * A text file, plain or gzipped, as a stream that keeps what is good: when the file breaks off, the whole lines before
 * are still delivered, and the failure is told afterwards. (Node's own pipelines throw away what is buffered.)
 */
import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { basename } from "node:path";
import { finished } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { codeOf, CommandFailure } from "../command.ts";

export interface Text {
  readonly name: string;
  /** Uncompressed size; an estimate where the file is compressed. */
  readonly bytes: number;
  /** Whole lines, many in a chunk; the last one may lack its line end. */
  read(): AsyncGenerator<Buffer>;
  /** Set once `read` has ended. */
  readonly ending: Ending;
}

export interface Ending {
  /** Why the text ended before its end, in words that go on after the file's name. */
  failure: string | null;
  /** The last line has no line end: it may be half-written. */
  isLineOpen: boolean;
}

const lineBytesMax = 1024 * 1024; // a file without line ends is not text, and would fill the memory
const readBytes = 16 * 1024; // compressed; deflate makes at most a thousandfold of it at a time
const gzipMagic = 0x1f8b;

export async function openText(path: string): Promise<Text> {
  const name = basename(path);
  const { size, isGzip, sizeInTrailer } = await inspect(path, name);
  const ending: Ending = { failure: null, isLineOpen: false };
  const source = createSource(path, isGzip);
  return {
    name,
    ending,
    // The trailer counts the last gzip member only, and wraps at 4 GiB.
    bytes: isGzip ? Math.max(size, sizeInTrailer) : size,
    read: () => wholeLines(source, ending),
  };
}

async function inspect(path: string, name: string) {
  try {
    await using file = await openFile(path);
    const { size } = await file.stat();
    const bytes = Buffer.alloc(6);
    await file.read(bytes, 0, 2, 0);
    await file.read(bytes, 2, 4, Math.max(size - 4, 0));
    const isGzip = bytes.readUInt16BE(0) === gzipMagic;
    return { size, isGzip, sizeInTrailer: bytes.readUInt32LE(2) };
  } catch (error) {
    const reason =
      codeOf(error) === "ENOENT" ? "does not exist" : `cannot be read (${codeOf(error)})`;
    throw new CommandFailure(`The file ${name} ${reason}.`, { cause: error });
  }
}

function createSource(path: string, isGzip: boolean): AsyncIterable<Buffer> {
  const bytes = createReadStream(path, { highWaterMark: readBytes }) as AsyncIterable<Buffer>;
  return isGzip ? gunzip(bytes) : bytes;
}

/** Hands on all that a compressed chunk holds before it reads the next, so that an error finds nothing buffered. */
async function* gunzip(compressed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const inflate = createGunzip();
  const inflated: Buffer[] = [];
  inflate.on("data", (chunk: Buffer) => inflated.push(chunk));
  const met: { failure?: Error; goOn?: () => void } = {};
  inflate.once("error", (error) => {
    met.failure = error;
    met.goOn?.(); // a write that fails does not call back
  });
  for await (const chunk of compressed) {
    await new Promise<void>((resolve) => {
      met.goOn = resolve;
      // The "data" events of the chunk come before the next turn of the event loop.
      inflate.write(chunk, () => setImmediate(resolve));
    });
    yield* inflated.splice(0);
    if (met.failure) throw met.failure;
  }
  inflate.end();
  await finished(inflate).catch((error: Error) => {
    met.failure = error;
  });
  yield* inflated.splice(0);
  if (met.failure) throw met.failure;
}

async function* wholeLines(source: AsyncIterable<Buffer>, ending: Ending): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of source) {
      const cut = chunk.lastIndexOf("\n") + 1;
      if (cut > 0) yield Buffer.concat([rest, chunk.subarray(0, cut)]);
      rest = cut > 0 ? chunk.subarray(cut) : Buffer.concat([rest, chunk]);
      if (rest.length > lineBytesMax) {
        ending.failure = "the line does not end";
        return;
      }
    }
  } catch (error) {
    ending.failure = failureOf(error);
    return;
  }
  ending.isLineOpen = rest.length > 0;
  if (rest.length > 0) yield rest;
}

function failureOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "Z_BUF_ERROR") return "the compressed file is cut short";
  if (code.startsWith("Z_")) return "the compressed file is damaged";
  return `the file cannot be read any further (${code || "unknown"})`;
}
