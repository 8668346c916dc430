/** `npm run -s generate`: a labelled town in a folder, and one line that says what is in it. */
import { readOptions } from "./options.ts";
import { writeFolder } from "./out-folder.ts";
import { FILES, writeTown } from "./write-town.ts";

export async function main(args: readonly string[]): Promise<number> {
  const { out, ...town } = readOptions(args);
  const about = writeFolder(out, (folder) => writeTown(folder, town));
  const line = { files: FILES.map((name) => `${out}/${name}`), ...about };
  process.stdout.write(`${JSON.stringify(line)}\n`);
  return 0;
}
