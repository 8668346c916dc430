/**
 * Archive files, sealed: the same bytes to whoever reads them, and nothing to read for whoever takes the disk.
 *
 *   header   32 bytes: eight that say what it is, the salt of its own key, how long its content is
 *   chunks   16,384 bytes each but the last, with a tag of 16; so that a part can be read by position
 */
import { randomBytes } from "node:crypto";
import type { ArchiveFolder } from "../archive/archive-folder.ts";
import { derive, NONCE_BYTES, seal, TAG_BYTES, unseal } from "./folder-keys.ts";

const MAGIC = Buffer.from("RGLRSEA1");
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + SALT_BYTES + 8;
const CHUNK_BYTES = 16_384;
const SEALED_BYTES = CHUNK_BYTES + TAG_BYTES;

/** Of one file. */
interface Opened {
  readonly key: Uint8Array;
  readonly header: Uint8Array;
  /** Of its content. */
  readonly bytes: number;
}

export function sealArchiveFolder(folder: ArchiveFolder, archiveKey: Uint8Array): ArchiveFolder {
  const known = new Map<string, Opened>();
  async function openFile(name: string): Promise<Opened> {
    const opened =
      known.get(name) ?? openHeader(await folder.read(name, 0, HEADER_BYTES), archiveKey);
    known.set(name, opened);
    return opened;
  }
  return {
    async write(name, bytes) {
      known.delete(name); // written again, it has another key
      await folder.write(name, sealFile(bytes, archiveKey));
    },

    async read(name, at, length) {
      const opened = await openFile(name);
      if (at + length > opened.bytes) throw new RangeError("the file ends before that");
      if (length === 0) return new Uint8Array();
      const first = Math.floor(at / CHUNK_BYTES);
      const end = Math.min(
        opened.bytes,
        (Math.floor((at + length - 1) / CHUNK_BYTES) + 1) * CHUNK_BYTES,
      );
      const from = sealedAt(first * CHUNK_BYTES);
      const sealed = await folder.read(name, from, sealedAt(end) - from);
      const start = at - first * CHUNK_BYTES;
      return unsealChunks(opened, sealed, first).subarray(start, start + length);
    },

    async readAll(name) {
      const bytes = await folder.readAll(name);
      const opened = openHeader(bytes.subarray(0, HEADER_BYTES), archiveKey);
      const content = unsealChunks(opened, bytes.subarray(HEADER_BYTES), 0);
      if (content.length !== opened.bytes)
        throw new RangeError("the file is not as long as it says");
      return content;
    },

    names: () => folder.names(),
  };
}

/** Where the byte of the content that begins or ends a chunk is in the file. */
const sealedAt = (at: number): number =>
  HEADER_BYTES + at + Math.ceil(at / CHUNK_BYTES) * TAG_BYTES;

function sealFile(bytes: Uint8Array, archiveKey: Uint8Array): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  randomBytes(SALT_BYTES).copy(header, MAGIC.length);
  header.writeBigUInt64LE(BigInt(bytes.length), MAGIC.length + SALT_BYTES);
  const { key } = openHeader(header, archiveKey);
  const sealed: Uint8Array[] = [header];
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    const chunk = bytes.subarray(at, at + CHUNK_BYTES);
    sealed.push(seal(key, nonceOf(at / CHUNK_BYTES), chunk, header));
  }
  return Buffer.concat(sealed);
}

function openHeader(bytes: Uint8Array, archiveKey: Uint8Array): Opened {
  const header = Buffer.from(bytes);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("the file is not sealed");
  const salt = header.subarray(MAGIC.length, MAGIC.length + SALT_BYTES);
  return {
    key: derive(archiveKey, "regulars archive file", salt),
    header,
    bytes: Number(header.readBigUInt64LE(MAGIC.length + SALT_BYTES)),
  };
}

function unsealChunks({ key, header }: Opened, sealed: Uint8Array, first: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < sealed.length; at += SEALED_BYTES) {
    const nonce = nonceOf(first + at / SEALED_BYTES);
    chunks.push(unseal(key, nonce, sealed.subarray(at, at + SEALED_BYTES), header));
  }
  return Buffer.concat(chunks);
}

/** The number of the chunk: the key is the file's own, so that no other chunk has both. */
function nonceOf(chunk: number): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUInt32BE(chunk, NONCE_BYTES - 4);
  return nonce;
}
