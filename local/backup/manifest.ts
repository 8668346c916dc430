/** What a backup says of itself: what it is of, when it was taken, and each file with its digest. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CommandFailure } from "../command.ts";
import { PARTS } from "./parts.ts";

export const MANIFEST = "manifest.json";

const fileSchema = z.object({
  /** Below the folder; never out of it. */
  name: z.string().regex(/^(?!.*\.\.)[A-Za-z0-9][\w./-]*$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** SHA-256 over how its tables are made; null for what is no database. */
  schema: z.string().nullable(),
});
const manifestSchema = z.object({
  regulars: z.literal("backup"),
  version: z.literal(1),
  part: z.enum(PARTS),
  /** ISO 8601. Of several files the first was taken at the first moment, the last at the second. */
  beganAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  files: z.array(fileSchema).min(1),
});
export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestFile = z.infer<typeof fileSchema>;

export async function readManifest(folder: string): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile(join(folder, MANIFEST), "utf8");
  } catch (cause) {
    throw new CommandFailure(`The folder ${folder} holds no whole backup: it has no manifest.`, {
      cause,
    });
  }
  const manifest = manifestSchema.safeParse(jsonOf(text));
  if (!manifest.success) {
    throw new CommandFailure(`The manifest in ${folder} is damaged, or of a newer build.`);
  }
  return manifest.data;
}

/** Before anything of it is used. */
export async function requireWhole(folder: string, { files }: Manifest): Promise<void> {
  for (const { name, sha256 } of files) {
    const digest = await digestOfFile(join(folder, name)).catch(() => null);
    if (digest === sha256) continue;
    const what = digest === null ? "is missing" : "is not what was backed up";
    throw new CommandFailure(`The backup in ${folder} is damaged: ${name} ${what}.`);
  }
}

export async function digestOfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no schema takes it
  }
}
