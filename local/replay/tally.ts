/** What one agent has confirmed to the replay, on disk: compared at the end with its journal, however long it is. */
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";

const entrySchema = z.object({
  seq: z.int(),
  receipt: z.string().nullable(),
  hash: z.string(),
  totalMinor: z.int(),
});
export type TallyEntry = z.infer<typeof entrySchema>;

export interface Tally {
  add(entry: TallyEntry): Promise<void>;
  close(): Promise<void>;
  read(): AsyncGenerator<TallyEntry>;
}

const bufferedChars = 64 * 1024;

/** Starts empty: a resumed replay is confirmed everything again. */
export async function openTally(path: string): Promise<Tally> {
  const file: FileHandle = await open(path, "w");
  let buffered = "";
  async function flush(): Promise<void> {
    const text = buffered;
    buffered = "";
    await file.write(text);
  }
  return {
    async add(entry) {
      buffered += `${JSON.stringify(entry)}\n`;
      if (buffered.length > bufferedChars) await flush();
    },
    async close() {
      await flush();
      await file.close();
    },
    async *read() {
      for await (const line of createInterface({ input: createReadStream(path) })) {
        yield entrySchema.parse(JSON.parse(line));
      }
    },
  };
}
