/** The archive of a running till: rows move when more of them are golden, and every file is read once after a start. */
import { createLoop } from "@regulars/shared/serial";
import { type Archive, createArchive } from "./archive.ts";
import { type MoverDeps, moveRows } from "./move-rows.ts";

export interface BackgroundDeps extends Omit<MoverDeps, "archive" | "between"> {
  /** Lets others in. */
  readonly pause: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface ArchiveBackground {
  readonly archive: Archive;
  /** There may be something to move. */
  readonly moveSoon: () => void;
  /** Resolves when what was begun has come to a good end. */
  readonly stop: () => Promise<void>;
}

export function startArchive(deps: BackgroundDeps): ArchiveBackground {
  const archive = createArchive(deps.storage, deps.folder);
  let stopped = false;
  const between = async (): Promise<boolean> => {
    await deps.pause();
    return !stopped;
  };
  let isChecked = false;
  const kick = createLoop(async () => {
    if (stopped) return;
    await moveRows({ ...deps, archive, between });
    if (!isChecked) await archive.check(between);
    isChecked = true;
  }, deps.onError);
  void kick();
  return {
    archive,
    moveSoon: () => void kick(),
    async stop() {
      stopped = true;
      await kick();
    },
  };
}
