/**
 * How a command of this folder ends. Only Node's own modules are imported here, so that even a missing package is
 * told in a sentence.
 */

/** Something that the person at the keyboard can act on: one sentence, shown without a stack. */
export class CommandFailure extends Error {}

interface Command {
  main(args: readonly string[]): Promise<number>;
}

export async function runCommand(load: () => Promise<Command>): Promise<void> {
  try {
    const command = await load();
    process.exitCode = await command.main(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** A failure in one sentence; what nobody expected keeps its stack. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(error.message)?.[1];
  if (missing) return `A part is missing (${missing}): run "npm ci" and try again.`;
  return error instanceof CommandFailure ? error.message : (error.stack ?? error.message);
}

/** The code of a system error such as ENOENT, or "" for any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
