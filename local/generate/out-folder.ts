/** The folder that is asked for: written beside its place and then put there whole, and never over somebody else's files. */
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { codeOf, CommandFailure } from "../command.ts";
import { aboutSchema } from "./about.ts";
import { FILES } from "./write-town.ts";

/** What `write` leaves in the folder that it is given becomes the asked one; if it throws, nothing has changed. */
export function writeFolder<Result>(asked: string, write: (folder: string) => Result): Result {
  try {
    return writeBeside(placeOf(asked), write);
  } catch (error) {
    if (error instanceof CommandFailure || codeOf(error) === "") throw error;
    throw new CommandFailure(`${asked} cannot be written (${codeOf(error)}).`, { cause: error });
  }
}

function writeBeside<Result>(place: string, write: (folder: string) => Result): Result {
  refuseIfForeign(place);
  mkdirSync(dirname(place), { recursive: true });
  removeLeftovers(place);
  const unfinished = `${place}${suffix}${process.pid}`;
  mkdirSync(unfinished);
  try {
    const result = write(unfinished);
    putInPlace(unfinished, place);
    return result;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

const suffix = ".unfinished-";

/** Where a symbolic link points to: the link itself stays. */
function placeOf(asked: string): string {
  try {
    return realpathSync(asked);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return asked;
    throw error;
  }
}

function refuseIfForeign(place: string): void {
  const names = namesIn(place);
  if (names.length === 0 || (names.every(isOurs) && isWrittenHere(place))) return;
  throw new CommandFailure(
    `${place} is not empty and was not written by this command: choose another folder.`,
  );
}

function namesIn(place: string): string[] {
  try {
    return readdirSync(place);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

const isOurs = (name: string): boolean => FILES.some((file) => file === name);

function isWrittenHere(place: string): boolean {
  try {
    const about: unknown = JSON.parse(readFileSync(join(place, "about.json"), "utf8"));
    return aboutSchema.safeParse(about).success;
  } catch {
    return false; // none, or not JSON: somebody else's
  }
}

/** File by file, so that what somebody has put there in the meantime makes this fail instead of being lost. */
function putInPlace(unfinished: string, place: string): void {
  refuseIfForeign(place);
  for (const name of FILES) rmSync(join(place, name), { force: true });
  if (namesIn(dirname(place)).includes(basename(place))) rmdirSync(place);
  renameSync(unfinished, place);
}

/** Of a run that was killed before it could clean up. */
function removeLeftovers(place: string): void {
  const start = `${basename(place)}${suffix}`;
  for (const name of namesIn(dirname(place)).filter((each) => each.startsWith(start))) {
    const [folder, pid] = [join(dirname(place), name), Number(name.slice(start.length))];
    if (pid > 0 && !isAlive(pid) && namesIn(folder).every(isOurs)) {
      rmSync(folder, { recursive: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
