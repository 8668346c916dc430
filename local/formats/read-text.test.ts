import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openText } from "./read-text.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "regulars-text-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, bytes: string | Buffer) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const text = await openText(path);
  const chunks: Buffer[] = [];
  for await (const chunk of text.read()) chunks.push(chunk);
  return { text, content: Buffer.concat(chunks).toString() };
}

/** Hard to compress, so that many compressed chunks are read. */
const lines = Array.from({ length: 5_000 }, () => `${randomBytes(30).toString("hex")}\n`).join("");

describe("text", () => {
  test("is read as it stands, plain or gzipped, whatever the file is called", async () => {
    const plain = await read("a.gz", lines);
    expect(plain.content).toBe(lines);
    expect(plain.text.bytes).toBe(lines.length);
    const zipped = await read("a.csv", gzipSync(lines));
    expect(zipped.content).toBe(lines);
    expect(zipped.text.bytes).toBe(lines.length);
    expect(zipped.text.ending).toEqual({ failure: null, isLineOpen: false });
  });

  test("several gzip members are one text", async () => {
    const bytes = Buffer.concat([gzipSync("one\n"), gzipSync("two\n")]);
    expect((await read("members.gz", bytes)).content).toBe("one\ntwo\n");
  });

  test("of a gzip that is cut short every whole line is delivered, then the failure told", async () => {
    const whole = gzipSync(lines);
    const { text, content } = await read("cut.gz", whole.subarray(0, whole.length / 2));
    expect(text.ending.failure).toBe("the compressed file is cut short");
    expect(lines.startsWith(content)).toBe(true);
    expect(content.endsWith("\n")).toBe(true);
    expect(content.length).toBeGreaterThan(lines.length * 0.49);
  });

  test("of a gzip that is damaged the lines before the damage are delivered", async () => {
    const bytes = gzipSync(lines);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0xff, middle, middle + 400);
    const { text, content } = await read("damaged.gz", bytes);
    expect(text.ending.failure).toBe("the compressed file is damaged");
    expect(content.length).toBeGreaterThan(lines.length * 0.3);
  });

  test("a last line without line end is delivered and noted", async () => {
    const { text, content } = await read("open.csv", "a\nb");
    expect(content).toBe("a\nb");
    expect(text.ending.isLineOpen).toBe(true);
  });

  test("a file without line ends is given up before it fills the memory", async () => {
    const { text, content } = await read("endless.csv", "x".repeat(1_200_000));
    expect(content).toBe("");
    expect(text.ending.failure).toBe("the line does not end");
  });

  test("a file that is not there, or a folder, is a sentence", async () => {
    await expect(openText(join(folder, "nowhere.csv"))).rejects.toThrow(
      "The file nowhere.csv does not exist.",
    );
    await expect(openText(folder)).rejects.toThrow(/cannot be read \(EISDIR\)\.$/);
  });
});
