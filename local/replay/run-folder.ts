/** Where a replay keeps its state: taken up again when it was interrupted, made anew when it had finished. */
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sha256Hex } from "@regulars/shared/digest";
import { codeOf, CommandFailure } from "../command.ts";
import { type Claim, claimFile, claimFolder } from "../system/claim.ts";
import { ROOT } from "../system/programs.ts";
import type { Options } from "./options.ts";

const stateSchema = z.object({ run: z.string(), isFinished: z.boolean() });
type State = z.infer<typeof stateSchema>;

export interface RunFolder {
  readonly path: string;
  readonly isResumed: boolean;
  readonly claim: Claim;
  finish(): void;
}

const stateFile = "replay.json";

export async function openRunFolder(options: Options): Promise<RunFolder> {
  const run = runOf(options);
  const path = options.data ?? join(ROOT, ".regulars", `replay-${run}`);
  const previous = readState(path);
  if (previous && previous.run !== run && !previous.isFinished) {
    throw new CommandFailure(
      `${path} holds an unfinished replay of another file or with other options: finish or delete it.`,
    );
  }
  const isResumed = previous !== null && !previous.isFinished;
  const claim = await claimFolder(path);
  if (!isResumed) {
    for (const name of readdirSync(path)) {
      if (name !== claimFile) rmSync(join(path, name), { recursive: true });
    }
  }
  const store = (isFinished: boolean): void =>
    writeFileSync(join(path, stateFile), JSON.stringify({ run, isFinished } satisfies State));
  store(false);
  return { path, isResumed, claim, finish: () => store(true) };
}

/** The same file and the same way of replaying it: sending everything again is then harmless (CAP6). */
function runOf({ input, format, stores, terminals, limit, ...rest }: Options): string {
  const { size } = statSync(input);
  const run = [input, size, format, stores, terminals, rest["offline-share"], limit ?? null];
  return sha256Hex(JSON.stringify(run)).slice(0, 12);
}

/** Null when the folder is new. A folder that is somebody else's is refused, because a fresh run empties it. */
function readState(path: string): State | null {
  if (namesIn(path).every((name) => name === claimFile)) return null;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(join(path, stateFile), "utf8")));
  } catch (error) {
    throw new CommandFailure(`${path} is not empty and holds no replay: choose another folder.`, {
      cause: error,
    });
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw new CommandFailure(`${path} cannot be used as a folder (${codeOf(error)}).`, {
      cause: error,
    });
  }
}
