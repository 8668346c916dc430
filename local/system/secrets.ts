/** The shared keys of one installation: made once, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { codeOf, CommandFailure } from "../command.ts";

const secret = z.string().min(16);
const secretsSchema = z.object({
  pepper: secret,
  centralToken: secret,
  /** Folders of older builds have none: it is made when it is missing. */
  edgeSecret: secret.default(random),
  localToken: secret,
  consolePassword: secret,
  /** By account; the edge has made them, and knows their digests alone. None before the accounts were opened. */
  apiKeys: z.record(z.string(), secret).optional(),
});
export type Secrets = z.infer<typeof secretsSchema>;

export const secretsFile = (folder: string): string => join(folder, "secrets.json");

export async function keepApiKeys(
  folder: string,
  secrets: Secrets,
  apiKeys: Readonly<Record<string, string>>,
): Promise<void> {
  await writeSecrets(secretsFile(folder), { ...secrets, apiKeys });
}

export async function openSecrets(folder: string): Promise<Secrets> {
  const file = secretsFile(folder);
  const stored = await readIfThere(file);
  if (stored !== null) {
    const known = parseSecrets(stored, file);
    if (!stored.includes(known.edgeSecret)) await writeSecrets(file, known);
    return known;
  }
  const secrets: Secrets = {
    pepper: random(),
    centralToken: random(),
    edgeSecret: random(),
    localToken: random(),
    consolePassword: random(),
  };
  await mkdir(folder, { recursive: true });
  await writeSecrets(file, secrets);
  return secrets;
}

/** Renamed when whole: a pepper that is half-written and then made anew would orphan every identity key. */
async function writeSecrets(file: string, secrets: Secrets): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2), { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
}

function random(): string {
  return randomBytes(24).toString("base64url");
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw new CommandFailure(`${file} cannot be read (${codeOf(error)}).`, { cause: error });
  }
}

function parseSecrets(text: string, file: string): Secrets {
  try {
    return secretsSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new CommandFailure(
      `${file} is broken: restore it from a backup, or delete its folder to start anew.`,
      { cause: error },
    );
  }
}
