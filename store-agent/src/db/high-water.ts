/**
 * The high-water mark: how far the journal had come, in a small file outside the database (SYN3). A database that has
 * come less far is an older copy of itself.
 *
 * Written after each commit and without a sync of its own: after a power cut it may say too little, never too much.
 */
import { hash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { z } from "zod";

const highWaterSchema = z.object({
  source: z.string(),
  epoch: z.int().min(1),
  seq: z.int().min(0),
  /** Receipt numbers given out. */
  receipts: z.int().min(0),
  /** Z numbers of shifts and days given out; a file from before shifts has none. */
  shifts: z.int().min(0).default(0),
  seals: z.int().min(0).default(0),
});
export type HighWater = z.infer<typeof highWaterSchema>;

export interface HighWaterMark {
  /** Null when there is none, or none that is whole. */
  read(): HighWater | null;
  raise(mark: HighWater): void;
}

export interface HighWaterFile extends HighWaterMark {
  close(): void;
}

/** The record keeps its length, so that it is overwritten in place, in one write of one sector. */
const RECORD_CHARS = 256;

export function openHighWater(file: string): HighWaterFile {
  const descriptor = openSync(file, "a+");
  closeSync(descriptor); // it exists from here on
  const writable = openSync(file, "r+");
  let isOpen = true;
  return {
    read() {
      const [json = "", digest] = readFileSync(file, "utf8").trimEnd().split("\t");
      if (digest !== hash("sha256", json)) return null; // new, or torn by a power cut: the edge still knows
      const parsed = highWaterSchema.safeParse(JSON.parse(json));
      return parsed.success ? parsed.data : null;
    },
    raise(mark) {
      const json = JSON.stringify(mark);
      writeSync(writable, `${json}\t${hash("sha256", json)}`.padEnd(RECORD_CHARS), 0);
    },
    close() {
      if (isOpen) closeSync(writable);
      isOpen = false;
    },
  };
}
