/** Secrets of a process: from its environment, or from files that its environment names. Never from its arguments. */
import { readFileSync } from "node:fs";

/** A start that cannot succeed; the message is the one sentence to show. */
export class StartRefused extends Error {}

/** Of each name what the variable says, or else the file whose path is in the variable `NAME_FILE`. */
export function readSecrets<Name extends string>(
  names: readonly Name[],
  environment: NodeJS.ProcessEnv,
): Partial<Record<Name, string>> {
  const secrets: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const file = environment[`${name}_FILE`];
    const secret = environment[name] ?? (file === undefined ? undefined : readSecret(name, file));
    if (secret !== undefined) secrets[name] = secret;
  }
  return secrets;
}

/** Whoever writes a file by hand ends it with a line break, which is no part of the secret. */
function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new StartRefused(`The file of ${name}_FILE cannot be read (${code}).`, { cause: error });
  }
}
