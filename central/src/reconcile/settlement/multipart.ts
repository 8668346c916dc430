/**
 * A form with one file (RFC 7578), as it streams in: its fields, which stand before the file, and then the file's bytes. Parsers that
 * take the whole body into memory would take the file in several times.
 */
const FIELD_BYTES = 4 * 1024;
const HEAD_BYTES = 8 * 1024;

/** No form of ours. */
export class NotAForm extends Error {}

export interface FileForm {
  /** Of fields before the file. */
  readonly fields: ReadonlyMap<string, string>;
  readonly name: string;
  /** To be read once, to its end. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export async function readFileForm(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
): Promise<FileForm> {
  const boundary = /^multipart\/form-data;.*\bboundary=(?:"([^"]{1,70})"|([^;\s"]{1,70}))/i.exec(
    contentType,
  );
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw new NotAForm("no boundary");
  const source = createSource(body);
  const mark = Buffer.from(`\r\n--${name}`);
  source.prepend(Buffer.from("\r\n")); // so that the first mark is like the others
  await collect(source.until(mark), HEAD_BYTES);
  const fields = new Map<string, string>();
  for (;;) {
    const part = await readHead(source);
    if (part === null) throw new NotAForm("no file");
    if (part.fileName !== null) {
      return { fields, name: part.fileName, chunks: source.until(mark) };
    }
    fields.set(part.name, (await collect(source.until(mark), FIELD_BYTES)).toString("utf8"));
  }
}

/** Null where the form ends. */
async function readHead(source: Source): Promise<{ name: string; fileName: string | null } | null> {
  const first = (await collect(source.until(Buffer.from("\r\n")), HEAD_BYTES)).toString("latin1");
  if (first.startsWith("--")) return null;
  const lines: string[] = [];
  for (;;) {
    const line = (await collect(source.until(Buffer.from("\r\n")), HEAD_BYTES)).toString("utf8");
    if (line === "") break;
    lines.push(line);
    if (lines.length > 20) throw new NotAForm("too many heads");
  }
  const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? "";
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1];
  if (name === undefined) throw new NotAForm("a part without a name");
  return { name, fileName: /[;\s]filename="([^"]*)"/i.exec(disposition)?.[1] ?? null };
}

interface Source {
  prepend(bytes: Buffer): void;
  /** Up to the mark, which is taken away; throws where the body ends before it. */
  until(mark: Buffer): AsyncIterable<Uint8Array>;
}

function createSource(body: AsyncIterable<Uint8Array>): Source {
  const chunks = body[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done === true) throw new NotAForm("it ends too early");
    held = held.length === 0 ? Buffer.from(next.value) : Buffer.concat([held, next.value]);
  }
  return {
    prepend(bytes) {
      held = Buffer.concat([bytes, held]);
    },
    async *until(mark) {
      for (;;) {
        const at = held.indexOf(mark);
        if (at !== -1) {
          const bytes = held.subarray(0, at);
          held = held.subarray(at + mark.length);
          if (bytes.length > 0) yield bytes;
          return;
        }
        // The mark may begin in what is held.
        const sure = held.length - mark.length + 1;
        if (sure > 0) {
          const bytes = held.subarray(0, sure);
          held = held.subarray(sure);
          yield bytes;
        }
        await more();
      }
    },
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new NotAForm("a field is too long");
    parts.push(chunk);
  }
  return Buffer.concat(parts);
}
