import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/till.ts";
import { openArchiveFolder } from "../archive/archive-folder.ts";
import { folderKeysOf } from "./folder-keys.ts";
import { sealArchiveFolder } from "./sealed-archive.ts";

const CHUNK = 16_384;
const { archive: KEY } = folderKeysOf("k".repeat(32));
/** What the cipher says, and what is said before it is asked. */
const REFUSED =
  /unable to authenticate|not sealed|too short|not as long|out of range|out of bounds/i;
const NAME = "1-1-9-0.rows";

async function sealedFile(content: Uint8Array) {
  const path = await temporaryFolder();
  const open = (key = KEY) => sealArchiveFolder(openArchiveFolder(path), key);
  await open().write(NAME, content);
  return { open, file: join(path, NAME) };
}

test("CAP7: a sealed archive file is read whole and by position, over the borders of its chunks", async () => {
  for (const bytes of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 77]) {
    const content = randomBytes(bytes);
    const { open } = await sealedFile(content);
    expect(Buffer.from(await open().readAll(NAME)).equals(content)).toBe(true);
    const folder = open();
    for (const at of [0, 1, CHUNK - 1, CHUNK, 2 * CHUNK - 3, bytes - 1, bytes]) {
      const lengths = [0, 1, 5, CHUNK, CHUNK + 2, bytes - at];
      for (const length of lengths.filter((each) => at >= 0 && each >= 0 && at + each <= bytes)) {
        const read = Buffer.from(await folder.read(NAME, at, length));
        expect(read.equals(content.subarray(at, at + length))).toBe(true);
      }
      const beyond = folder.read(NAME, Math.max(at, 0), bytes - Math.max(at, 0) + 1);
      await expect(beyond).rejects.toThrow("the file ends before that");
    }
    expect(await folder.names()).toEqual([NAME]);
  }
});

test("CAP7: what is written again under its name is read as it is now", async () => {
  const { open } = await sealedFile(Buffer.from("first"));
  const folder = open();
  await folder.read(NAME, 0, 5);
  await folder.write(NAME, Buffer.from("other content"));
  expect(Buffer.from(await folder.read(NAME, 6, 7)).toString()).toBe("content");
});

test("SEC2: a sealed file is never the same twice and shows nothing of its content", async () => {
  const content = Buffer.from("ada@example.org ".repeat(3_000));
  const [one, two] = [await sealedFile(content), await sealedFile(content)];
  const [a, b] = [await readFile(one.file), await readFile(two.file)];
  expect(a.includes("ada")).toBe(false);
  // Header and chunk for chunk: other salt, other key.
  for (let at = 32; at < a.length; at += 512) {
    expect(a.subarray(at, at + 16).equals(b.subarray(at, at + 16))).toBe(false);
  }
});

test("CAP7: a byte that is not what was sealed, a part that is missing or elsewhere, and another key are refused", async () => {
  const { open, file } = await sealedFile(randomBytes(3 * CHUNK + 9));
  const sealed = await readFile(file);
  const chunkAt = (n: number): number => 32 + n * (CHUNK + 16);
  const damages: Buffer[] = [
    ...[0, 10, 25, 32, 40, chunkAt(1) + 3, chunkAt(2) - 1, sealed.length - 1].map((at) => {
      const bent = Buffer.from(sealed);
      bent[at] = bent[at]! ^ 1;
      return bent;
    }),
    sealed.subarray(0, chunkAt(2)),
    sealed.subarray(0, sealed.length - 3),
    sealed.subarray(0, 20),
    Buffer.concat([
      sealed.subarray(0, chunkAt(0)),
      sealed.subarray(chunkAt(1), chunkAt(2)),
      sealed.subarray(chunkAt(0), chunkAt(1)),
      sealed.subarray(chunkAt(2)),
    ]),
  ];
  for (const damaged of damages) {
    await writeFile(file, damaged);
    await expect(open().readAll(NAME)).rejects.toThrow(REFUSED);
  }
  await writeFile(file, sealed);
  await expect(open(folderKeysOf("j".repeat(32)).archive).readAll(NAME)).rejects.toThrow(REFUSED);
  expect((await open().readAll(NAME)).length).toBe(3 * CHUNK + 9);
});
