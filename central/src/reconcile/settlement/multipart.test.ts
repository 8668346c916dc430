import fc from "fast-check";
import { expect, test } from "vitest";
import { NotAForm, readFileForm } from "./multipart.ts";

const TYPE = "multipart/form-data; boundary=----b1";
const formOf = (file: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      '------b1\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n' +
        '------b1\r\nContent-Disposition: form-data; name="file"; filename="payout März.csv"\r\nContent-Type: text/csv\r\n\r\n',
    ),
    file,
    Buffer.from("\r\n------b1--\r\n"),
  ]);

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + size));
    at += size;
  }
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

test("a file is read as it was sent, wherever the network cuts it", async () => {
  const part = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom("\r\n------b", "\r\n", "------b1", "\r\n----", "\n\r")
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 6 }).map((parts) => Buffer.concat(parts)),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
      async (file, sizes) => {
        fc.pre(!file.includes("\r\n------b1"));
        const form = await readFileForm(TYPE, cut(formOf(file), sizes));
        expect(form.name).toBe("payout März.csv");
        expect(form.fields.get("csrf")).toBe("token");
        expect((await bytesOf(form.chunks)).equals(file)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test("what is no form of ours is refused", async () => {
  const whole = formOf(Buffer.from("a,b\n"));
  await expect(readFileForm("text/csv", cut(whole, [10]))).rejects.toThrow(NotAForm);
  await expect(readFileForm(TYPE, cut(Buffer.from("------b1--\r\n"), [5]))).rejects.toThrow(
    NotAForm,
  );
  await expect(readFileForm(TYPE, cut(whole.subarray(0, 60), [7]))).rejects.toThrow(NotAForm);
  const cutOff = await readFileForm(TYPE, cut(whole.subarray(0, whole.length - 14), [7]));
  await expect(bytesOf(cutOff.chunks)).rejects.toThrow(NotAForm);
  const long = Buffer.from(
    `------b1\r\nContent-Disposition: form-data; name="x"\r\n\r\n${"y".repeat(9_000)}`,
  );
  await expect(readFileForm(TYPE, cut(long, [500]))).rejects.toThrow(NotAForm);
});
