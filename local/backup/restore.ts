/** Restoring: the backup is verified, copied beside where it goes, verified there, and then renamed into its place. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { readArguments } from "../arguments.ts";
import { CommandFailure } from "../command.ts";
import { sync } from "./backup.ts";
import { beginAnew } from "./begin-anew.ts";
import { verifyDatabase } from "./databases.ts";
import { type Manifest, readManifest, requireWhole } from "./manifest.ts";

const usage = "Usage: npm run -s restore -- --from BACKUP --to FOLDER";

const optionsSchema = z.object({
  /** What `backup` has made. */
  from: z.string().min(1),
  /** Where the data folder of the part shall be: missing, or empty. */
  to: z.string().min(1),
});
export type RestoreOptions = z.infer<typeof optionsSchema>;

export async function main(args: readonly string[]): Promise<number> {
  const options = optionsSchema.safeParse(readArguments(args, { texts: ["from", "to"], usage }));
  if (!options.success) {
    const name = String(options.error.issues[0]?.path[0]);
    throw new CommandFailure(`The option --${name} is missing or not valid. ${usage}`);
  }
  const { part, beganAt, files } = await restoreBackup(options.data);
  console.log(JSON.stringify({ part, beganAt, files: files.length, to: options.data.to }));
  return 0;
}

export async function restoreBackup({ from, to }: RestoreOptions): Promise<Manifest> {
  const [source, target] = [resolve(from), resolve(to)];
  const manifest = await readManifest(source);
  requireFree(target, to);
  await requireWhole(source, manifest);
  const making = `${target}.restoring`;
  rmSync(making, { recursive: true, force: true }); // of one that was cut off
  try {
    mkdirSync(making, { recursive: true, mode: 0o700 });
    for (const { name, schema } of manifest.files) {
      const path = join(making, name);
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      copyFileSync(join(source, name), path);
      if (schema !== null && verifyDatabase(path, name) !== schema) {
        throw new CommandFailure(`The backup in ${from} is damaged: ${name} has other tables.`);
      }
    }
    await requireWhole(making, manifest);
    beginAnew(making, manifest);
    for (const { name } of manifest.files) sync(join(making, name));
    if (existsSync(target)) rmdirSync(target);
    renameSync(making, target);
    sync(dirname(target));
    return manifest;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw error;
  }
}

function requireFree(target: string, to: string): void {
  if (existsSync(target) && readdirSync(target).length > 0) {
    throw new CommandFailure(
      `${to} holds something, and nothing is written over: move it away first.`,
    );
  }
}
