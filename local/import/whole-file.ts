/** A file that must be read as one, plain or gzipped. */
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { codeOf, CommandFailure } from "../command.ts";

export async function readWhole(path: string, bytesMax: number): Promise<Buffer> {
  const name = basename(path);
  const tooLarge = () =>
    new CommandFailure(
      `${name} is larger than ${Math.floor(bytesMax / 1024 / 1024)} MiB: split it.`,
    );
  try {
    const { size } = await stat(path);
    if (size > bytesMax) throw tooLarge();
    const bytes = await readFile(path);
    const isGzip = bytes.length > 2 && bytes.readUInt16BE(0) === 0x1f8b;
    return isGzip ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes;
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    const code = codeOf(error);
    if (code === "ENOENT") {
      throw new CommandFailure(`The file ${name} does not exist.`, { cause: error });
    }
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    const what = code.startsWith("Z_") ? "is damaged or cut short" : `cannot be read (${code})`;
    throw new CommandFailure(`The file ${name} ${what}.`, { cause: error });
  }
}
