/** Taking a backup: each database of one moment, verified, beside a manifest; there all at once or not at all. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  fsyncSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { readArguments } from "../arguments.ts";
import { CommandFailure } from "../command.ts";
import { copyDatabase, verifyDatabase } from "./databases.ts";
import { digestOfFile, type Manifest, MANIFEST, type ManifestFile } from "./manifest.ts";
import { PARTS, type Source, sourcesOf } from "./parts.ts";

const usage = "Usage: npm run -s backup -- --part centre|edge|till --from PLACE --to FOLDER";

const optionsSchema = z.object({
  part: z.enum(PARTS),
  /** The centre's database file; the data folder of an edge or a till. */
  from: z.string().min(1),
  /** Made by the backup; what is there is never written over. */
  to: z.string().min(1),
});
export type BackupOptions = z.infer<typeof optionsSchema>;

export async function main(args: readonly string[]): Promise<number> {
  const options = optionsSchema.safeParse(
    readArguments(args, { texts: ["part", "from", "to"], usage }),
  );
  if (!options.success) {
    const name = String(options.error.issues[0]?.path[0]);
    throw new CommandFailure(`The option --${name} is missing or not valid. ${usage}`);
  }
  const manifest = await takeBackup(options.data, () => new Date());
  const { part, beganAt, files } = manifest;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(JSON.stringify({ part, beganAt, files: files.length, bytes, to: options.data.to }));
  return 0;
}

export async function takeBackup(
  { part, from, to }: BackupOptions,
  now: () => Date,
): Promise<Manifest> {
  const target = resolve(to);
  if (existsSync(target)) {
    throw new CommandFailure(`${to} is there already, and a backup is never written over.`);
  }
  const sources = sourcesOf(part, from);
  const beganAt = now().toISOString();
  const making = `${target}.making`;
  rmSync(making, { recursive: true, force: true }); // of one that was cut off
  try {
    // What is in it are customers.
    mkdirSync(making, { recursive: true, mode: 0o700 });
    const files: ManifestFile[] = [];
    for (const source of sources) files.push(await copy(source, making));
    const endedAt = now().toISOString();
    const manifest: Manifest = { regulars: "backup", version: 1, part, beganAt, endedAt, files };
    writeFileSync(join(making, MANIFEST), JSON.stringify(manifest, null, 2), { flush: true });
    renameSync(making, target);
    sync(dirname(target));
    return manifest;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

async function copy({ name, path, kind }: Source, folder: string): Promise<ManifestFile> {
  const to = join(folder, name);
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  if (kind === "database") copyDatabase(path, to);
  else copyFileSync(path, to);
  sync(to);
  const schema = kind === "database" ? verifyDatabase(to, name) : null;
  return { name, bytes: statSync(to).size, sha256: await digestOfFile(to), schema };
}

/** On the disk, and not only on its way there. */
export function sync(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
